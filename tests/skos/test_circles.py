"""Circles in a hierarchy, against the definition: a concept that is reached from itself."""

from hypothesis import given
from hypothesis import strategies as st

from vocab_server.skos.circles import find_circles

names = st.sampled_from("abcdefgh")
hierarchies = st.dictionaries(names, st.sets(names, max_size=3), max_size=8)


def reached(broader: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for up in broader.get(waiting.pop(), ()):
            if up not in found:
                found.add(up)
                waiting.append(up)
    return found


@given(hierarchies)
def test_a_circle_is_what_reaches_itself(broader: dict[str, set[str]]) -> None:
    circles = find_circles(broader)
    expected = {name for name in broader if name in reached(broader, name)}
    assert sorted(name for circle in circles for name in circle) == sorted(expected)
    for circle in circles:
        assert all(set(circle) <= reached(broader, name) for name in circle)


def test_a_circle_is_told_from_each_to_what_is_above() -> None:
    broader = {"hen": {"egg"}, "egg": {"chick"}, "chick": {"hen"}, "dog": {"pet"}, "me": {"me"}}
    assert find_circles(broader) == [["chick", "hen", "egg"], ["me"]]


def test_depth_does_not_matter() -> None:
    chain = {str(number): {str(number + 1)} for number in range(50_000)}
    assert find_circles(chain) == []
    assert len(find_circles(chain | {"50000": {"0"}})[0]) == 50_001
