import json
from pathlib import Path

from click.testing import CliRunner

from scanner.cli import scan
from tests.scanner.symbols import data_matrix, encoded


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    result = CliRunner().invoke(scan, list(arguments), input=stdin)
    return result.exit_code, result.stdout, result.stderr


def test_a_file_gives_a_json_line(tmp_path: Path) -> None:
    picture = tmp_path / "label.png"
    picture.write_bytes(encoded(data_matrix("(01)09506000134352(21)SN1", gs1=True)))

    status, output, _ = run(str(picture))

    line = json.loads(output)
    assert status == 0
    assert line["codes"][0]["meaning"]["serial_no"] == "SN1"


def test_a_folder_gives_a_line_for_each_picture_in_it(tmp_path: Path) -> None:
    for serial_no in ("A-1", "A-2"):
        (tmp_path / f"{serial_no}.png").write_bytes(encoded(data_matrix(serial_no)))
    (tmp_path / "notes.txt").write_text("not a picture")

    status, output, _ = run("--table", str(tmp_path))

    assert status == 0
    assert [line.split("\t")[2] for line in output.splitlines()] == ["A-1", "A-2"]


def test_standard_input_is_read(tmp_path: Path) -> None:
    status, output, _ = run("-", stdin=encoded(data_matrix("A-1")))

    assert (status, json.loads(output)["file"]) == (0, "-")


def test_nothing_found_and_not_a_picture_have_their_own_status(tmp_path: Path) -> None:
    blank = encoded(data_matrix("A-1") * 0 + 128)

    assert run("--table", "-", stdin=blank)[0] == 1
    status, output, _ = run("-", stdin=b"hello")

    assert (status, json.loads(output)["error"]["code"]) == (2, "unsupported_image")


def test_explain_keeps_what_was_looked_at(tmp_path: Path) -> None:
    _, _, spoken = run("--explain", str(tmp_path / "looks"), "-", stdin=encoded(data_matrix("A-1")))

    assert "whole picture" in spoken
    assert "A-1" in spoken
    # Matrix symbols, then bars along rows and along columns.
    assert [path.suffix for path in (tmp_path / "looks").iterdir()] == [".png"] * 3


def test_explain_keeps_files_of_one_name_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "label.png").write_bytes(encoded(data_matrix("A-1")))

    run("--explain", str(tmp_path / "looks"), str(tmp_path / "a"), str(tmp_path / "b"))

    assert len(list((tmp_path / "looks").iterdir())) == 6


def test_an_unknown_symbology_is_named(tmp_path: Path) -> None:
    status, _, spoken = run("--formats", "Morse", "-", stdin=b"x")

    assert status == 2
    assert "Morse" in spoken


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = "A\x1b[31mB"

    _, output, _ = run("--table", "-", stdin=encoded(data_matrix(text)))

    assert "\x1b" not in output
    assert "␛" in output
