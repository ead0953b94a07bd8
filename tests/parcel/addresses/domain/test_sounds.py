"""What is heard of a name, in either script."""

import pytest

from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.addresses.domain.sounds import khmer_sounds, latin_sounds


@pytest.mark.parametrize(
    ("khmer", "latin", "sounds"),
    [
        ("តាកែវ", "Takeo", "TK"),
        ("បាត់ដំបង", "Battambang", "PTMPQ"),
        ("ពោធិ៍សាត់", "Pursat", "PST"),
        ("សៀមរាប", "Siemreap", "SMRP"),
        ("ត្រាំង", "Trang", "TRQ"),
        ("សំរោង", "Samraong", "SMRQ"),
        ("ស្វាយ", "Svay", "SV"),
        ("ច្រេស", "Chres", "CRS"),
        ("រហាល", "Rohal", "RHL"),
        ("សុវណ្ណ", "Sovann", "SVN"),
        ("ហ្វាតា", "Fata", "PT"),
        ("ហ្គាំង", "Gang", "KQ"),
        ("យ៉ង", "Yang", "YQ"),
        ("វិហារ", "Vihear", "VH"),
        ("ឫស្សី", "Ruessei", "RS"),
        ("កញ្ញា", "Kanya", "KN"),
        ("អ៊ូ", "Ou", ""),
    ],
)
def test_a_name_is_heard_alike_in_both_scripts(khmer: str, latin: str, sounds: str) -> None:
    assert (khmer_sounds(folded(khmer)), latin_sounds(folded(latin))) == (sounds, sounds)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Dara", "Tara", "Daara", "Thara"),
        ("Sokha", "Suka", "Sokkhah"),
        ("Chenda", "Jinda"),
        ("Phorn", "Bon"),
        ("Vuthy", "Wutty"),
    ],
)
def test_spellings_of_one_name_are_heard_alike(spellings: tuple[str, ...]) -> None:
    assert len({latin_sounds(folded(spelling)) for spelling in spellings}) == 1
