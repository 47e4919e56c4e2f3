// Draws figures in the browser's Python and prints what the source prints. Arguments: numpy's wheel, the archive with
// matplotlib, the source's file.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [numpy, matplotlib, source] = process.argv.slice(2);
const python = await loadPyodide({ stdout: (line) => console.log(line), stderr: () => {} });
python.unpackArchive(new Uint8Array(readFileSync(numpy)).buffer, "wheel");
python.unpackArchive(new Uint8Array(readFileSync(matplotlib)).buffer, "zip", { extractDir: "/" });
python.mountNodeFS("/project", process.cwd());
python.runPython("import sys; sys.path.insert(0, '/project'); sys.dont_write_bytecode = True");
python.runPython(readFileSync(source, "utf8"));
