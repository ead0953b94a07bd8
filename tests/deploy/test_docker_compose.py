from tests.support.addresses import ROOT
from tests.support.containers import KAFKA_IMAGE, POSTGRES_IMAGE


def test_tests_in_containers_run_the_images_that_compose_runs() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    assert f"image: {KAFKA_IMAGE}\n" in compose
    assert f"image: {POSTGRES_IMAGE}\n" in compose
