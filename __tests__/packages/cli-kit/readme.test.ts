import { join } from "node:path";
import * as ts from "typescript";
import { ROOT, textOf } from "../../support/markdown";

test("the example of the README compiles as it stands", () => {
  const [, example = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(textOf("packages/cli-kit/README.md")) ?? [];
  expect(example).toContain("defineCommand(");
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const file = join(ROOT, "cli/example.ts");
  const host = ts.createCompilerHost({ ...options, incremental: false });
  const plain = ts.createCompilerHost({ ...options, incremental: false });
  host.fileExists = (name) => name === file || plain.fileExists(name);
  host.getSourceFile = (name, version, ...rest) =>
    name === file
      ? ts.createSourceFile(name, example, version, true)
      : plain.getSourceFile(name, version, ...rest);
  const program = ts.createProgram([file], { ...options, types: ["node"] }, host);
  const faults = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
  expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});
