// Which Python code needs: found in its text as a reader types it.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { environmentFor, packagesFor } from "../../runtime/engine/environments.js";

const numpy = { imports: [] };
const matplotlib = { imports: ["matplotlib", "mpl_toolkits", "pylab"] };
const manifest = { environments: { numpy, matplotlib } };

for (const code of [
  "import matplotlib.pyplot as plt",
  "import numpy as np, matplotlib.pyplot as plt",
  "from matplotlib import (\n    pyplot,\n)",
  "x = 1; import matplotlib",
  "def f():\n    from mpl_toolkits.mplot3d import Axes3D",
  'import importlib\nplt = importlib.import_module("matplotlib.pyplot")',
  'plt = __import__("pylab")',
  "try: from pylab import *\nexcept ImportError: pass",
])
  test(`plots: ${code.split("\n").at(-1)}`, () => assert.equal(environmentFor(manifest, ["", code]), matplotlib));

for (const code of [
  "",
  "import numpy as np",
  "# import matplotlib.pyplot as plt",
  "matplotlib = 1\nprint(matplotlib)",
  "import matplotlibrary",
  "import numpy  # matplotlib comes later",
])
  test(`does not plot: ${code.split("\n").at(-1)}`, () => assert.equal(environmentFor(manifest, [code]), numpy));

const listed = { ...manifest, packages: { sklearn: ["sklearn", "scipy"], scipy: ["scipy"] } };

for (const [code, names] of Object.entries({
  "import numpy": [],
  "from scipy import ndimage": ["scipy"],
  "def f():\n    import scipy.signal as s": ["scipy"],
  "import sklearn.svm, scipy": ["sklearn", "scipy"],
  "# import scipy": [],
  "scipy = 1": [],
  "import scipyx": [],
}))
  test(`packages: ${code}`, () => assert.deepEqual(packagesFor(listed, ["", code]), names));

test("a page without packages asks for none", () => assert.deepEqual(packagesFor(manifest, ["import scipy"]), []));
