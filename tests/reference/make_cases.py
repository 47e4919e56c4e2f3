"""Make the reference cases of the labs' arithmetic: `python make_cases.py` writes pytorch.npz beside it.

Needs PyTorch (`pip install torch==2.13.0`), which neither the book nor its tests need. Every case is computed in
double precision and holds what went in and what came out: outputs, and gradients of sum(output · upstream).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]
from torch.nn import functional as F  # type: ignore[import-not-found]

ARRAYS: dict[str, Any] = {}


def normal(*shape: int) -> torch.Tensor:
    """Seeded noise that wants a gradient."""
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def keep(case: str, **tensors: torch.Tensor) -> None:
    """Keep tensors under "case/name"."""
    ARRAYS.update({f"{case}/{name}": tensor.detach().numpy().copy() for name, tensor in tensors.items()})


def differentiate(case: str, output: torch.Tensor, **inputs: torch.Tensor) -> None:
    """Send noise back through `output` and keep everything."""
    upstream = torch.randn_like(output)
    output.backward(upstream)
    gradients = {f"gradient_{name}": tensor.grad for name, tensor in inputs.items()}
    keep(case, output=output, upstream=upstream, **inputs, **gradients)


def convolutions() -> None:
    """conv/K-S-P: kernels, strides and paddings, on maps they divide and maps they do not."""
    for k, stride, padding, side in [
        (3, 1, 1, 6),
        (3, 1, 0, 7),
        (5, 1, 2, 8),
        (3, 2, 1, 7),
        (3, 2, 0, 8),
        (1, 1, 0, 5),
        (2, 3, 1, 9),
    ]:
        x, kernels, bias = normal(4, 3, side, side + 1), normal(5, 3, k, k), normal(5)
        y = F.conv2d(x, kernels, bias, stride, padding)
        differentiate(f"conv/{k}-{stride}-{padding}", y, x=x, kernels=kernels, bias=bias)


def pools() -> None:
    """max/K-S and avg/K-S on noise; ties/K-S on maps of few values, where the first maximum must win."""
    for k, stride, side in [(2, 2, 6), (2, 2, 7), (3, 2, 7), (3, 1, 5), (2, 1, 4)]:
        x = normal(3, 2, side, side)
        differentiate(f"max/{k}-{stride}", F.max_pool2d(x, k, stride), x=x)
        x = normal(3, 2, side, side)
        differentiate(f"avg/{k}-{stride}", F.avg_pool2d(x, k, stride), x=x)
        x = torch.randint(-1, 2, (3, 2, side, side)).to(torch.float64).requires_grad_()
        differentiate(f"ties/{k}-{stride}", F.max_pool2d(x, k, stride), x=x)


def blur() -> None:
    """blur: depthwise 1-2-1 with stride 2."""
    x = normal(2, 3, 7, 8)
    weights = torch.tensor([1.0, 2, 1], dtype=torch.float64)
    kernel = (weights[:, None] * weights / 16).expand(3, 1, 3, 3)
    differentiate("blur", F.conv2d(x, kernel, stride=2, padding=1, groups=3), x=x)


def rest() -> None:
    """dense, relu, batch normalisation in training and after it, global average, cross-entropy."""
    x, weights, bias = normal(6, 7), normal(4, 7), normal(4)
    differentiate("dense", F.linear(x, weights, bias), x=x, weights=weights, bias=bias)
    x = torch.randint(-2, 3, (3, 2, 4, 4)).to(torch.float64).requires_grad_()
    differentiate("relu", F.relu(x), x=x)
    x = normal(3, 2, 5, 4)
    differentiate("average", x.mean((2, 3)), x=x)
    x, scale, shift = normal(5, 3, 4, 2), normal(3), normal(3)
    mean, variance = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    y = F.batch_norm(x, mean, variance, scale, shift, training=True)
    differentiate("batchnorm", y, x=x, scale=scale, shift=shift)
    keep("batchnorm", mean=mean, variance=variance, later=F.batch_norm(x, mean, variance, scale, shift))
    logits, labels = (3 * normal(8, 10)).detach().requires_grad_(), torch.randint(0, 10, (8,))
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    keep("crossentropy", x=logits, labels=labels, output=loss, gradient_x=logits.grad)


def optimisers() -> None:
    """adam, momentum: five steps from one start, the same gradients."""
    start, gradients = normal(9).detach(), torch.randn(5, 9, dtype=torch.float64)
    for name, kind, options in [("adam", torch.optim.Adam, {}), ("momentum", torch.optim.SGD, {"momentum": 0.9})]:
        values = start.clone().requires_grad_()
        optimiser = kind([values], lr=0.1, **options)
        for gradient in gradients:
            values.grad = gradient.clone()
            optimiser.step()
        keep(name, start=start, gradients=gradients, output=values)


def network() -> None:
    """lenet: logits and every gradient of a small network with a residual block, from one loss."""
    x, labels = normal(4, 1, 8, 8).detach(), torch.randint(0, 5, (4,))
    first, second, third, dense = normal(3, 1, 3, 3), normal(3, 3, 3, 3), normal(6, 3, 3, 3), normal(5, 24)
    biases = [normal(size) for size in (3, 3, 6, 5)]
    a = F.max_pool2d(F.relu(F.conv2d(x, first, biases[0], padding=1)), 2)
    b = a + F.relu(F.conv2d(a, second, biases[1], padding=1))
    c = F.max_pool2d(F.relu(F.conv2d(b, third, biases[2], padding=1)), 2)
    logits = F.linear(c.flatten(1), dense, biases[3])
    F.cross_entropy(logits, labels).backward()
    values = [tensor for pair in zip((first, second, third, dense), biases, strict=True) for tensor in pair]
    flat = torch.cat([tensor.detach().ravel() for tensor in values])
    gradient = torch.cat([tensor.grad.ravel() for tensor in values])
    keep("lenet", x=x, labels=labels, values=flat, output=logits, gradient=gradient)


def main() -> None:
    """Write all cases."""
    torch.manual_seed(0)
    for make in (convolutions, pools, blur, rest, optimisers, network):
        make()
    np.savez_compressed(Path(__file__).parent / "pytorch.npz", **ARRAYS)
    print(f"{len(ARRAYS)} arrays, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
