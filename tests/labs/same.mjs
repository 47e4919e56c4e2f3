// Runs one Python source in the browser's Python and prints what it prints. Arguments: numpy's wheel, the source's file.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [wheel, source] = process.argv.slice(2);
const python = await loadPyodide({ stdout: (line) => console.log(line) });
python.unpackArchive(new Uint8Array(readFileSync(wheel)).buffer, "wheel");
python.mountNodeFS("/project", process.cwd());
python.runPython("import sys; sys.path.insert(0, '/project'); sys.dont_write_bytecode = True");
python.runPython(readFileSync(source, "utf8"));
