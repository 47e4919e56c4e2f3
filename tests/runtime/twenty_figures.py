"""Twenty figures of the kinds that people draw; prints each one's name and SHA-256. Run in both Pythons."""

import hashlib

from runtime.python import host
from runtime.python.pictures import Picture

HEAD = """
import numpy as np
import matplotlib.pyplot as plt

x = np.linspace(0, 2 * np.pi, 60)
X, Y = np.meshgrid(x, x)
r = np.random.default_rng(7)
"""
FIGURES = {
    "imshow with colour bar": "plt.imshow(r.normal(size=(8, 8)), cmap='book-signed'); plt.colorbar(); plt.title('Map')",
    "grid of pictures": (
        "fig, axes = plt.subplots(2, 4, figsize=(8, 4))\nfor n, ax in enumerate(axes.flat):\n"
        "  ax.imshow(r.random((6, 6))); ax.set_title(f'map {n}'); ax.axis('off')"
    ),
    "colours": "plt.imshow(r.random((9, 12, 3)))",
    "bilinear": "plt.imshow(r.random((5, 5)), interpolation='bilinear', cmap='viridis')",
    "lines": "plt.plot(x, np.sin(x), label='sine'); plt.plot(x, np.cos(x), '--', label='cos'); plt.legend()",
    "logarithms": "plt.semilogy(np.exp(-x)); plt.xlabel('epoch'); plt.ylabel('loss')",
    "errors": "plt.errorbar(x[::6], np.sin(x[::6]), yerr=.2, fmt='o')",
    "band": "plt.fill_between(x, np.sin(x) - .2, np.sin(x) + .2, alpha=.3); plt.plot(x, np.sin(x))",
    "bars": "plt.bar(['max', 'mean', 'none'], [98, 97, 91], yerr=[1, 2, 3])",
    "bars on their sides": "plt.barh([3, 2, 1], [1, 4, 9], hatch='/')",
    "formula": "plt.title(r'$y_{ij} = \\sum_{u,v} w_{uv}\\,x_{i+u,j+v} + b$'); plt.plot(x, x ** 2)",
    "scatter": "plt.scatter(r.random(90), r.random(90), 80 * r.random(90), r.random(90)); plt.colorbar()",
    "contours": "plt.contour(X, Y, np.sin(X) * np.cos(Y)); plt.contourf(X, Y, np.sin(X), alpha=.4)",
    "histogram": "plt.hist(r.normal(size=500), bins=20, edgecolor='k')",
    "mesh": "plt.pcolormesh(r.random((9, 9)), shading='auto'); plt.colorbar(label='value')",
    "three dimensions": "ax = plt.figure().add_subplot(projection='3d'); ax.plot(np.cos(x), np.sin(x), x)",
    "surface": "ax = plt.figure().add_subplot(projection='3d'); ax.plot_surface(X[::5], Y[::5], np.sin(X[::5]))",
    "polar": "plt.polar(x, 1 + np.sin(3 * x))",
    "annotations": "plt.plot(x, x); plt.annotate('peak', (1.5, 1), (3, .8), arrowprops={'arrowstyle': '->'})",
    "boxes": "plt.boxplot([r.normal(size=50), r.normal(1, 2, size=50)]); plt.suptitle('Two samples')",
}


def main() -> None:
    """Draw and print."""
    host.plot()
    for name, code in FIGURES.items():
        result = host.run([("cell 1", HEAD + code)])
        (figure,) = [part for part in result.parts if isinstance(part, Picture)]
        print(name, result.error, len(figure.content), hashlib.sha256(repr(figure).encode()).hexdigest())


if __name__ == "__main__":
    main()
