import { Refusal } from "../../../packages/cli-kit/refusal";
import { backUp } from "../../../cli/backup-restore/operate";
import type { Kind, Operation } from "../../../cli/backup-restore/kind";

const lines: string[] = [];
const operation = { steps: { line: (line: string) => lines.push(line) } } as unknown as Operation;
const ran: string[] = [];

/** Kinds whose backup succeeds, or fails with their error. */
const kindsOf = (errors: Record<string, Error | undefined>) =>
  Object.fromEntries(
    Object.entries(errors).map(([name, error]): [string, Pick<Kind, "backup">] => {
      const backup = () => (ran.push(name), error ? Promise.reject(error) : Promise.resolve());
      return [name, { backup }];
    }),
  );

beforeEach(() => {
  ran.length = 0;
  lines.length = 0;
});

test("a failed backup does not stop the others, and is reported with its reason", async () => {
  const kinds = kindsOf({
    database: new Error("no room"),
    objects: undefined,
    state: new Refusal("not yet"),
  });
  const error = await backUp(operation, ["database", "objects", "state"], kinds).catch(
    (thrown: Error) => thrown,
  );
  expect(ran).toEqual(["database", "objects", "state"]);
  expect(error).not.toBeInstanceOf(Refusal);
  expect((error as Error).message).toBe("2 of 3 not backed up:\n  database: no room\n  state: not yet");
  expect(lines).toEqual(["database not backed up: no room", "state not backed up: not yet"]);
});

test("it is rejected when all failures are rejections, and a single one keeps its message", async () => {
  const kinds = kindsOf({ database: new Refusal("no"), objects: undefined });
  await expect(backUp(operation, ["database", "objects"], kinds)).rejects.toThrow(Refusal);
  await expect(backUp(operation, ["database"], kinds)).rejects.toThrow(/^no$/);
  await expect(backUp(operation, ["objects"], kinds)).resolves.toBeUndefined();
});
