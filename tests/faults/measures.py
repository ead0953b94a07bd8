"""What a process says of itself on its page of measures."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.system.stack import Stack

ANSWERS_WITHIN_S = 5.0
LEADS = "ctcpost_relay_leads"
READ = "ctcpost_batch_records_sum"
"""Records that its consumer was given, those that it knew among them."""


async def measure(stack: Stack, service: str, name: str, replica: int = 0) -> float:
    """Return the sum of what a page says under a name."""
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_S, verify=False) as http:
        page = (await http.get(f"{stack.url(service, replica)}/metrics")).text
    families = text_string_to_metric_families(page)
    return sum(sample.value for family in families for sample in family.samples if sample.name == name)
