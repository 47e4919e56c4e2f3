"""Short programs whose output must be the same however Python was started: what a start could get wrong, one by one."""

from collections.abc import Iterable, Iterator

SNIPPETS = (
    # the interpreter
    "import sys; print(sys.version, sys.platform, sys.executable, sys.argv, sys.prefix, sys.byteorder, sys.maxsize)",
    "import sys; print(sys.path)",
    "import sys; print(sys.flags)",
    "import sys; print(sys.flags.hash_randomization, sys.hash_info)",
    "import sys; print([str(hook).split(' at ')[0] for hook in sys.path_hooks])",
    "import sys; print(sys._emscripten_info)",
    "import sys; print(sys.getrecursionlimit(), sys.getdefaultencoding(), sys.dont_write_bytecode)",
    "import sys; print(sys.__stdout__, sys.__stderr__, sys.displayhook, sys.excepthook.__module__)",
    "import os; print(dict(os.environ), os.cpu_count(), os.getpid(), os.uname())",
    "import os; print(sorted(os.listdir('/')), os.listdir('.'), os.path.expanduser('~'), os.access('/home', os.W_OK))",
    "import os; print(sorted(os.listdir('/lib')), sorted(os.listdir('/lib/python3.14')))",
    "import platform; print(platform.platform(), platform.python_implementation(), platform.machine())",
    "import sysconfig; print(sysconfig.get_paths(), sysconfig.get_config_var('EXT_SUFFIX'))",
    "import locale; print(locale.getlocale(), locale.getpreferredencoding())",
    "import gc; print(gc.isenabled(), gc.get_threshold(), gc.get_debug())",
    "import warnings; print(warnings.filters)",
    "import threading; print(threading.current_thread(), threading.active_count())",
    "import signal; print(signal.getsignal(signal.SIGINT))",
    "import asyncio; print(type(asyncio.get_event_loop_policy()).__name__)",
    "import builtins; print(sorted(vars(builtins)))",
    # time and zone
    "import time; print(time.tzname, time.timezone, time.altzone, time.daylight)",
    "import time; print(time.localtime(0), time.localtime(1750000000), time.strftime('%c %Z %z', time.localtime(0)))",
    "from datetime import datetime; print(datetime.fromtimestamp(1750000000).astimezone().isoformat())",
    "import time; a = time.perf_counter(); time.sleep(0.02); print(0.015 < time.perf_counter() - a < 5)",
    "import time; print(abs(time.time() - time.monotonic()) > 1e9, time.time() > 1.7e9, time.process_time() >= 0)",
    "import time; from datetime import date; print(date.today().isoformat() == time.strftime('%Y-%m-%d'))",
    "import zoneinfo; print(zoneinfo.TZPATH)",
    # modules that are in the image, and modules that are not
    "import this",
    "import json; print(json.dumps({'a': [1, 2.5, None, True], 'ü': '\\n'}), json.loads('[1e3]'))",
    "import csv, io; print(list(csv.reader(io.StringIO('a,b\\n1,2'))))",
    "import decimal, fractions; print(decimal.Decimal(1) / 7, fractions.Fraction(3, 9), decimal.getcontext())",
    "import statistics, string, textwrap, unicodedata; print(statistics.stdev([1, 2, 4]), unicodedata.name('é'))",
    "import hashlib, base64, zlib; print(hashlib.sha256(b'x').hexdigest(), base64.b64encode(zlib.compress(b'y' * 9)))",
    "import collections, dataclasses, enum, typing; print(collections.Counter('hello'), enum.Enum('E', 'A B').A)",
    "import unittest, doctest, pdb, pydoc, argparse, logging; print(logging.getLogger().level, logging.root.handlers)",
    "import sqlite3",
    "import js; print(js.Math.max(1, 2), type(js.self).__name__)",
    "from pyodide.ffi import to_js; import js; print(js.JSON.stringify(to_js([1, [2]])))",
    "import importlib.metadata as m; print(m.version('numpy'), sorted(d.name for d in m.distributions()))",
    "import sys; m = sys.modules['numpy']; print(m.__loader__.__class__, m.__cached__, m.__package__, m.__path__)",
    "import importlib.util; print(importlib.util.find_spec('numpy._core._multiarray_umath').origin)",
    "import sys; from pathlib import Path; print(Path(sys.modules['numpy'].__file__).exists())",
    "import ctypes; print(ctypes.sizeof(ctypes.c_void_p), ctypes.pythonapi.Py_GetVersion is not None)",
    "import ctypes; f = ctypes.pythonapi.PyLong_FromLong; f.restype = ctypes.py_object; print(f(42))",
    "import ctypes; c = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 1); print(c(41))",
    "import pickle, copy; print(pickle.loads(pickle.dumps({1: (2, 'a')})), copy.deepcopy([[1]]))",
    "import re; print(re.findall(r'(\\w)(\\d)', 'a1 b2'), re.compile('x', re.I))",
    # numpy
    "import numpy as np; print(np.__version__, np.get_printoptions(), np.geterr())",
    "import numpy as np; np.show_config()",
    "import numpy as np; print(np.arange(24.0).reshape(2, 3, 4) / 7)",
    "import numpy as np; print(np.linalg.svd(np.arange(9.0).reshape(3, 3)), np.linalg.det(np.eye(3) * 2))",
    "import numpy as np; print(np.linalg.inv(np.zeros((2, 2))))",
    "import numpy as np; print(np.array([1, 0]) / 0, np.float32(3e38) * 10, np.sqrt(-1.0))",
    "import numpy as np; print(np.fft.fft([1, 2, 3, 4]), np.fft.rfftn(np.ones((2, 3))))",
    "import numpy as np; print(np.random.default_rng(0).normal(size=3), np.random.RandomState(1).rand(2))",
    "import numpy as np; np.random.seed(3); print(np.random.rand(2), np.random.permutation(5))",
    "import numpy.ma as ma; print(ma.masked_less([1, 2, 3], 2), ma.mean([1, 2]))",
    "import numpy as np; print(np.polynomial.Polynomial([1, 2, 3])(2), np.polyfit([0, 1, 2], [0, 1, 4], 2).round(6))",
    "import numpy as np; print(np.matlib.ones((2, 2)) if hasattr(np, 'matlib') else 'none', np.matrix([[1, 2]]).T)",
    "import numpy.matlib; print(numpy.matlib.eye(2))",
    "import numpy as np; print(np.einsum('ij,jk->ik', np.ones((2, 3)), np.ones((3, 2))), np.char.upper(['a']))",
    "import numpy as np; print(np.mean.__doc__[:200], np.ndarray.reshape.__doc__[:100], np.add.__doc__[:60])",
    "import numpy as np; print(sorted(dir(np)) == sorted(set(dir(np))), len(np.__all__), sorted(np.__all__)[:5])",
    "import numpy as np, io; np.save(b := io.BytesIO(), np.arange(3)); b.seek(0); print(np.load(b))",
    "import numpy as np; print(np.lib.stride_tricks.sliding_window_view(np.arange(6), 3), np.array('2020', 'M8[D]'))",
    "import numpy as np; print(np.sort(np.random.default_rng(5).integers(0, 99, 9)), np.unique([3, 1, 3]))",
    "import numpy.ctypeslib, numpy.rec, numpy.strings, numpy.dtypes, numpy.exceptions, numpy.typing; print('all')",
    "import numpy.f2py; print(numpy.f2py.__name__)",
    # mistakes, and what they say
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    import traceback\n    traceback.print_exc()",
    "import traceback, numpy as np\ntry:\n    np.stack([])\nexcept ValueError:\n    traceback.print_exc()",
    "import traceback, statistics\ntry:\n    statistics.mean([])\nexcept Exception:\n    traceback.print_exc()",
    "import warnings; warnings.warn('careful')",
    "class A:\n    def __del__(self): print('gone')\na = A()\ndel a",
    "with open('a.txt', 'w') as f: f.write('ü')\nprint(open('a.txt').read(), __import__('os').stat('a.txt').st_size)",
    "print(hash(1.5), hash((1, 2)), hash(None) == hash(None), id(None) == id(None), {3, 1, 2})",
    "import itertools, functools; print(list(itertools.batched('abcde', 2)), functools.reduce(pow, [2, 3]))",
)
"""Those that end well; they may share a run."""

ALONE = (
    "print(sorted(globals()), __name__)",
    "import nothing_of_this_name",
    "import pandas",
    "import numpy.nothing",
    "import pyodide, pyodide_js, pyodide.ffi, pyodide.http, micropip",
    "import inspect, json; print(len(inspect.getsource(json.dumps)), inspect.getsourcefile(json))",
    "import inspect, numpy; print(len(inspect.getsource(numpy.mean)), numpy.__file__, numpy.__spec__.origin)",
    "import numpy.testing; numpy.testing.assert_allclose([1.0], [1.1])",
    "import numpy as np; x = np.zeros(3); x[5]",
    "import numpy as np; np.ones((2, 3)) @ np.ones((2, 3))",
    "def f(n):\n    return g(n)\ndef g(n):\n    raise ValueError('no') from KeyError(n)\nf(1)",
    "def f(n):\n    return f(n + 1)\nf(0)",
    "import json; json.loads('{')",
    "x = 1\nprint(X)",
    "print('open'\nx = 2",
    "import sys; sys.exit(3)",
    "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
    "assert 1 == 2, 'different'",
    "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return 7\nprint(asyncio.run(f()))",
)
"""Those that end in an error, or look at the names they find: each needs a run of its own."""

BATCH = 12


def batched(sources: Iterable[str]) -> Iterator[list[str]]:
    """Take the sources a few at a time."""
    whole = list(sources)
    yield from (whole[at : at + BATCH] for at in range(0, len(whole), BATCH))


def together(sources: list[str]) -> str:
    """One program that runs each source with names of its own and says whose output follows."""
    return f"for source in {sources!r}:\n    print('>>>', source)\n    exec(source, {{'__name__': '__main__'}})"
