"""
Bytes of an ONNX model -> the same model with one of its tensors open: its values come out, and may be changed. Pure.

A speech model computes the length of each sound and the pitch of each frame on its way, and speaks with them, but a model
file offers its sound alone. ONNX files are protocol buffers, where a message that is written twice is merged: so what is
added stands behind the file's end. Names and numbers of the fields are those of onnx.proto
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
"""

from __future__ import annotations

from typing import Literal

_GRAPH = 7  # of ModelProto
_NODE, _INPUT, _OUTPUT = 1, 11, 12  # of GraphProto
_NODE_INPUT, _NODE_OUTPUT, _NODE_NAME, _NODE_TYPE = 1, 2, 3, 4
_NAME, _TYPE = 1, 2  # of ValueInfoProto
_TENSOR, _ELEMENT, _SHAPE, _DIMENSION, _SYMBOL = 1, 1, 2, 1, 2
_FLOAT = 1


def open_tensor(
    model: bytes, *, tensor: str, change: str, operation: Literal["Mul", "Max"]
) -> tuple[bytes, str]:
    """
    The model with a new input `change`, and the name of its new output: the values of `tensor` before the change.

    Both are 32-bit floats, [1, values]; a change of [1, 1] is for all values. "Mul" multiplies, and "Max" takes the
    larger one of a value and its change. Raises ValueError for a model without that tensor.
    """
    old, added_input = tensor.encode(), change.encode()
    new = old[:-1] + b"~"
    # Nodes are in topological order: the first mention of a tensor is by the node that computes it.
    at = model.find(old)
    if at < 0:
        raise ValueError(f"the model has no tensor {tensor}")
    node = (
        _field(_NODE_INPUT, new)
        + _field(_NODE_INPUT, added_input)
        + _field(_NODE_OUTPUT, old)
        + _field(_NODE_NAME, added_input)
        + _field(_NODE_TYPE, operation.encode())
    )
    added = (
        _field(_NODE, node)
        + _field(_INPUT, _floats(added_input, b"one", added_input))
        + _field(_OUTPUT, _floats(new, b"one", new))
    )
    return model[:at] + new + model[at + len(old) :] + _field(_GRAPH, added), new.decode()


def _floats(name: bytes, *dimensions: bytes) -> bytes:
    """A value of 32-bit floats with dimensions of any length."""
    shape = b"".join(_field(_DIMENSION, _field(_SYMBOL, symbol)) for symbol in dimensions)
    tensor = _number(_ELEMENT << 3) + _number(_FLOAT) + _field(_SHAPE, shape)
    return _field(_NAME, name) + _field(_TYPE, _field(_TENSOR, tensor))


def _field(number: int, content: bytes) -> bytes:
    """A field with a length: wire type 2."""
    return _number(number << 3 | 2) + _number(len(content)) + content


def _number(value: int) -> bytes:
    """A varint: seven bits a byte, the lowest first."""
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + _number(rest) if rest else bytes([low])
