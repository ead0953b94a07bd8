"""What a service says of its own routes: its OpenAPI document, open to anyone."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from shared.web.access import anyone

router = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])


@router.get("/openapi.json")
async def show_description(request: Request) -> JSONResponse:
    """Describe the routes, under the prefix that a front door gave them."""
    document = request.app.openapi()
    prefix = str(request.scope.get("root_path", "")).rstrip("/")
    return JSONResponse({**document, "servers": [{"url": prefix}]} if prefix else document)
