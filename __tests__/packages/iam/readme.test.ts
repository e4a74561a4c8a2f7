import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transpileModule } from "typescript";
import * as document from "../../../packages/iam/document";
import * as evaluate from "../../../packages/iam/evaluate";

const MODULES: Readonly<Record<string, unknown>> = {
  "@packages/iam/document": document,
  "@packages/iam/evaluate": evaluate,
};

test("the example of the README runs, and gives what the README says", () => {
  const readme = readFileSync(join(__dirname, "../../../packages/iam/README.md"), "utf8");
  const [, code = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const [, told = ""] = /^\/\/ (\{.*\})$/m.exec(code) ?? [];
  const exported: { decision?: unknown } = {};
  const { outputText } = transpileModule(code, { compilerOptions: { module: 1 } });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the example is ours
  new Function("require", "exports", outputText)((name: string) => MODULES[name], exported);
  expect(exported.decision).toEqual(JSON.parse(told.replace(/(\w+):/g, '"$1":')));
});
