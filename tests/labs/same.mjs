// Runs one Python source in the browser's Python and prints what it prints. Arguments: numpy's wheel, the source's file,
// and the archive of further packages, if it needs any.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [wheel, source, packages] = process.argv.slice(2);
const python = await loadPyodide({ stdout: (line) => console.log(line) });
python.unpackArchive(new Uint8Array(readFileSync(wheel)).buffer, "wheel");
if (packages) python.unpackArchive(new Uint8Array(readFileSync(packages)).buffer, "zip", { extractDir: "/" });
python.mountNodeFS("/project", process.cwd());
python.runPython("import sys; sys.path.insert(0, '/project'); sys.dont_write_bytecode = True");
python.runPython(readFileSync(source, "utf8"));
