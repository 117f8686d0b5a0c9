"""What a reader of the README gets for curl."""

import json

from cli import example, places


def test_the_door_is_the_address_that_the_deployment_gave(tmp_path, monkeypatch, capsys):
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"double11-region-us-east-1": {"ApiUrl": "http://door/v1/"}}))
    monkeypatch.setattr(places, "OUTPUTS", outputs)

    assert example.main(["door", "us-east-1"]) == 0
    assert capsys.readouterr().out.startswith("http://door/v1")
