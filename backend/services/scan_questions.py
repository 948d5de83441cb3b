"""What is asked of the person who holds the label, where its code alone does not say which unit it is."""

from backend.domain.errors import Refusal
from backend.domain.serials import printable
from scanner.gs1 import Problem, ScannedCode


def lost_separator(text: str, code: ScannedCode, *, is_known: bool) -> Refusal:
    """The batch, or another field, may have swallowed the serial number.

    Args:
        text: As scanned.
        code: As read, with its proposal.
        is_known: Whether the item has the batch of the proposal; only then the cut is proposed.
    """
    proposal = code.proposal if is_known else None
    cut, actions = "", []
    if proposal is not None:
        cut = f" It may be batch {proposal.batch_no} and serial number {proposal.serial_no}."
        actions = [{"kind": "use_proposal", "batch_no": proposal.batch_no, "serial_no": proposal.serial_no}]
    between = "batch and serial number" if code.proposal and code.proposal.batch_no else "two fields"
    return Refusal(
        "separator_missing",
        f"'{printable(text)}': the separator between {between} is missing." + cut,
        "Set the scanner to send separators (GS, 0x1D), or type the serial number.",
        actions=tuple(actions),
    )


def said_twice(text: str, code: ScannedCode, problem: Problem) -> Refusal:
    """The code says something twice, and not the same: each of its serial numbers or batches is offered."""
    values = [printable(value) for value in problem.facts["values"]]
    actions = []
    if problem.facts["ai"] == "21":
        actions = [{"serial_no": value, "batch_no": code.batch_no} for value in values]
    elif problem.facts["ai"] == "10" and code.serial_no:
        actions = [{"serial_no": code.serial_no, "batch_no": value} for value in values]
    return Refusal(
        "repeated_ai",
        f"{printable(code.serial_no or text)}: {printable(problem.message)}",
        "Compare with the print on the label and say which is right; if none is, put the unit aside.",
        actions=tuple({"kind": "use_proposal", **action} for action in actions),
        facts={"ai": problem.facts["ai"], "values": values},
    )


def half_of_label(text: str, code: ScannedCode) -> Refusal:
    """The code is one half of a label: it names neither an item nor a serial number."""
    held = [f"batch {printable(code.batch_no)}"] if code.batch_no else []
    if code.manufactured_on:
        held.append(f"the date of manufacture {code.manufactured_on}")
    if code.expires_on:
        held.append(f"the expiry date {code.expires_on}")
    return Refusal(
        "code_without_serial",
        f"This code holds {' and '.join(held)}, but no serial number."
        if held
        else f"'{printable(text)}' names neither an item nor a serial number.",
        "Scan the serial number's code on the same label right after it; the two are read as one.",
        facts={"batch_no": code.batch_no, "expires_on": code.expires_on and code.expires_on.isoformat()},
    )
