import { migrationsText, printMigrations } from "../../../cli/lib/migration-result";
import { synthEnvironment } from "../../support/synth";

const result = JSON.stringify({ applied: ["0009-a", "0010-b"], pending: [], version: 10 });

async function printed(...done: string[]): Promise<string[]> {
  const lines: string[] = [];
  const stack = { outputs: () => Promise.resolve({ migration_result: result }) };
  await printMigrations(stack, new Set(done), { line: (text) => lines.push(text) });
  return lines;
}

test("applied migrations are named, or the version of a database that has all", () => {
  expect(migrationsText(result)).toBe("applied 0009-a, 0010-b");
  expect(migrationsText(JSON.stringify({ applied: [], pending: [], version: 10 }))).toBe(
    "none to apply, version 10",
  );
});

test("they are printed after an apply that ran them, and after no other", async () => {
  const environment = synthEnvironment("dev");
  const [run] = [...environment.resources.keys()].filter((address) =>
    address.startsWith("aws_lambda_invocation."),
  );
  expect(await printed("aws_sqs_queue.media_queue", run ?? "")).toEqual([
    "migrations: applied 0009-a, 0010-b",
  ]);
  expect(await printed("aws_sqs_queue.media_queue")).toEqual([]);
});
