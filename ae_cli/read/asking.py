"""What is said about headers: notes, and errors with the lines of study.toml that settle them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

from ae_cli.errors import InputError
from ae_cli.model import Record, cells, kind_of
from ae_cli.read.headers import Found, changes_meaning, lookup
from ae_cli.read.names import ALSO, KINDS, ByValue, Named, names, squash

NOT_USED = "not_used"  # in study.toml, instead of a field: a header to leave out
NEAR = 0.8  # two letters exchanged (Grdae) are still near; a near match is only ever suggested
FAR = 0.6  # what is offered for a name that study.toml has wrong
LIKE = 0.78  # what is offered where a needed column is missing: nothing rather than nonsense
LONG = 8  # letters of a known header that tell something where they begin another
MUST_BE_RIGHT = ("subject", "term")  # taken from a header such as "ID" only with a note
LONGEST = 60  # characters of a header in a message
MOST = 10  # headers in a message


def shown(header: str) -> str:
    """A header as messages quote it."""
    text = " ".join(header.split())
    return repr(text if len(text) <= LONGEST else text[:LONGEST] + "...")


class Asking:
    """The errors about one header row."""

    def __init__(self, headers: Sequence[str], model: type[Record], where: str) -> None:
        self.headers, self.where, self.kind = headers, where, KINDS[model]
        self.table = kind_of(model).name  # of study.toml
        self.labels = {field: cell.label for field, cell in cells(model).items()}
        self.words = {
            field: ", ".join(cell.choices or [cell.label]).lower()
            for field, cell in cells(model).items()
        }

    def lines(self, choices: Iterable[tuple[str, str]]) -> str:
        """The lines of study.toml that say a field's header."""
        said = [f"{field} = {json.dumps(header, ensure_ascii=False)}" for field, header in choices]
        return "\n".join([f"[columns.{self.table}]", *said])

    def label(self, fields: Iterable[str]) -> str:
        return " or ".join(f"{field} ({self.labels[field]})" for field in fields)

    def position(self, field: str, header: str) -> int:
        """Where the header stands that study.toml names for a field."""
        wanted = " ".join(header.split())
        exact = [i for i, text in enumerate(self.headers) if " ".join(text.split()) == wanted]
        loose = [i for i, text in enumerate(self.headers) if squash(text) == squash(wanted)]
        if at := exact or loose:
            if len(at) > 1:
                raise self.twice(at)
            return at[0]
        near = get_close_matches(wanted, [h for h in self.headers if h], 3, FAR)
        raise InputError(
            f"{self.where}: study.toml says {field} = {shown(header)}, and there is no such header",
            self._did_you_mean(near) or self._all_columns(range(len(self.headers))),
        )

    def no_such_field(self, field: str) -> InputError:
        found = lookup(field, self.kind)
        known = [found.meaning.field] if found and isinstance(found.meaning, Named) else []
        near = known or get_close_matches(field, self.labels, 3, FAR)
        return InputError(
            f"study.toml: {field!r} under [columns.{self.table}] is no field",
            self._did_you_mean(near) or f"the fields are {', '.join(self.labels)}",
        )

    def missing(self, fields: Sequence[str], at: Sequence[int]) -> InputError:
        """No column for any of these fields. The nearest of the columns left are offered."""
        near = self._nearest(fields, at)
        offer = f"the nearest {'is' if len(near) == 1 else 'are'} {', '.join(map(shown, near))}"
        first = near[0] if near else "..."
        return InputError(
            f"{self.where}: no column was recognised as {self.label(fields)}",
            f"{offer if near else self._all_columns(at)}; say which it is in study.toml:\n"
            + self.lines([(fields[0], first)]),
        )

    def ambiguous(self, field: str, at: Sequence[int]) -> InputError:
        """Several columns of equal standing for one field."""
        found = [self.headers[i] for i in at]
        if len(set(found)) == 1:
            return self.twice(at)
        return InputError(
            f"{self.where}: {len(at)} columns could be {self.label([field])}: "
            + " and ".join(map(shown, found)),
            "say which it is in study.toml:\n" + self.lines([(field, found[0])]),
        )

    def twice(self, at: Sequence[int]) -> InputError:
        headers = dict.fromkeys(shown(self.headers[i]) for i in at)
        return InputError(
            f"{self.where}: {len(at)} columns are headed {' and '.join(headers)}",
            "rename or remove all but one of them",
        )

    def undecided(self, at: int, fields: Sequence[str], held: str) -> InputError:
        """A column whose values do not tell which of these fields it is."""
        header = self.headers[at]
        return InputError(
            f"{self.where}: column {shown(header)} could be {self.label(fields)}, "
            f"and its values do not tell which; it holds {held}",
            "say which in study.toml with one of these lines:\n"
            + self.lines((field, header) for field in (*fields, NOT_USED)),
        )

    def decided(self, at: int, field: str, held: str, doubts: Sequence[str]) -> str:
        """The note on a column whose values told what it is."""
        note = f"column {shown(self.headers[at])} holds {held}: read as {self.labels[field]}"
        for doubt in doubts:
            note += f"; if these are codes for {self.words[doubt]}, say so in study.toml, under "
            note += self.lines([(doubt, self.headers[at])]).replace("\n", ": ")
        return note

    def unused(self, at: int, reason: str) -> str:
        """The note on a column whose loss may be missed."""
        return f"column {shown(self.headers[at])} is not used: {reason}"

    def aside(self, at: int, field: str, found: Found) -> str:
        """The note on a column whose header says more than the field, or rather little."""
        header = shown(self.headers[at])
        last = isinstance(found.meaning, Named) and found.meaning.rank[0] == ALSO
        if (last and field in MUST_BE_RIGHT) or (found.dropped and changes_meaning(found.dropped)):
            return f"column {header} is read as {self.labels[field]}"
        return ""

    def near(self, at: int, spellings: dict[str, str]) -> str:
        """The note on a column whose header is nearly one of these, if it is."""
        form = squash(self.headers[at])
        prefixes = ("", *names(self.kind).prefixes)
        forms = [form.removeprefix(prefix) for prefix in prefixes if form.startswith(prefix)]
        near = [get_close_matches(form, spellings, 1, NEAR) for form in forms if len(form) > 3]
        near += [_beginnings(form, spellings) for form in forms]
        found = next((spellings[match[0]] for match in near if match), None)
        header = shown(self.headers[at])
        return f"column {header} looks like {found!r} but was not used" if found else ""

    def _nearest(self, fields: Sequence[str], at: Sequence[int]) -> list[str]:
        spellings = self.spellings(fields)
        scored = [(_likeness(squash(self.headers[i]), spellings), self.headers[i]) for i in at]
        enough = max([LIKE, *(score - 0.15 for score, _ in scored)])
        return [h for score, h in sorted(scored, key=lambda s: -s[0]) if score >= enough][:3]

    def spellings(self, fields: Iterable[str]) -> dict[str, str]:
        """The known headers of these fields: squashed, and as people write them."""
        wanted, known = set(fields), names(self.kind)
        return {
            form: known.spellings[form]
            for form, meaning in known.meanings.items()
            if (isinstance(meaning, Named) and meaning.field in wanted)
            or (isinstance(meaning, ByValue) and wanted & set(meaning.fields))
        }

    def _did_you_mean(self, near: Sequence[str]) -> str:
        return f"did you mean {' or '.join(map(shown, near))}?" if near else ""

    def _all_columns(self, at: Iterable[int]) -> str:
        found = [shown(self.headers[i]) for i in at if self.headers[i].strip()]
        more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
        listed = f"the columns left are {', '.join(found[:MOST])}{more}"
        return listed if found else "no column is left"


def _likeness(form: str, spellings: Iterable[str]) -> float:
    near = get_close_matches(form, spellings, 1, LIKE) if len(form) > 3 else ()
    return SequenceMatcher(None, near[0], form).ratio() if near else 0.0


def _beginnings(form: str, spellings: Iterable[str]) -> list[str]:
    """The longest known header that this one begins with."""
    found = [known for known in spellings if len(known) >= LONG and form.startswith(known)]
    return sorted(found, key=len)[-1:]
