import { Creators, listed } from "../../../cli/users/run";
import { users } from "../../../cli/users/command";

interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const named = (name: string): Error => Object.assign(new Error(name), { name });

/** A pool that answers each command by its name, and records the calls. */
function poolWith(answers: Readonly<Record<string, unknown>>) {
  const calls: Call[] = [];
  const send = ({
    constructor,
    input,
  }: {
    constructor: { name: string };
    input: Call["input"];
  }): Promise<unknown> => {
    const name = constructor.name.replace(/Command$/, "");
    calls.push({ name, input });
    const answer = answers[name] ?? {};
    const one: unknown = Array.isArray(answer) ? answer.shift() : answer;
    return one instanceof Error ? Promise.reject(one) : Promise.resolve(one);
  };
  return { pool: new Creators({ send } as never, "pool"), calls };
}

const invited = {
  Username: "a-uuid",
  UserStatus: "FORCE_CHANGE_PASSWORD",
  Enabled: true,
  UserCreateDate: new Date("2026-11-29T12:00:00Z"),
  Attributes: [{ Name: "email", Value: "You@example.com" }],
};

test("an invitation has a verified address; another is sent to who has not accepted", async () => {
  const first = poolWith({});
  expect(await first.pool.invite("you@example.com")).toContain("invited: you@example.com");
  expect(first.calls[0]?.input.UserAttributes).toContainEqual({ Name: "email_verified", Value: "true" });

  const again = poolWith({
    AdminCreateUser: [named("UsernameExistsException"), {}],
    ListUsers: { Users: [invited] },
  });
  expect(await again.pool.invite("you@example.com")).toContain("invited again");
  expect(again.calls.at(-1)?.input.MessageAction).toBe("RESEND");
});

test("a creator is not invited again", async () => {
  const { pool, calls } = poolWith({
    AdminCreateUser: [named("UsernameExistsException")],
    ListUsers: { Users: [{ ...invited, UserStatus: "CONFIRMED" }] },
  });
  await expect(pool.invite("you@example.com")).rejects.toThrow(
    "you@example.com is already a creator (CONFIRMED)",
  );
  expect(calls.filter(({ name }) => name === "AdminCreateUser")).toHaveLength(1);
});

test("a disabled creator is signed out everywhere", async () => {
  const { pool, calls } = poolWith({});
  await pool.disable("you@example.com");
  expect(calls.map(({ name }) => name)).toEqual(["AdminDisableUser", "AdminUserGlobalSignOut"]);
});

test("an unknown creator is refused by name, other errors are not hidden", async () => {
  const unknown = poolWith({ AdminDisableUser: named("UserNotFoundException") });
  await expect(unknown.pool.disable("you@example.com")).rejects.toThrow(
    "there is no creator you@example.com",
  );
  const denied = poolWith({ AdminEnableUser: named("NotAuthorizedException") });
  await expect(denied.pool.enable("you@example.com")).rejects.toThrow("NotAuthorizedException");
});

describe("a dry run", () => {
  const active = { ...invited, UserStatus: "CONFIRMED" };

  test.each([
    ["invite", [], "would invite you@example.com"],
    ["invite", [invited], "would invite you@example.com again"],
    ["disable", [active], "would disable you@example.com, and end the sessions"],
    ["enable", [active], "would enable you@example.com"],
  ] as const)("of %s says what would be done, and only reads", async (action, Users, said) => {
    const { pool, calls } = poolWith({ ListUsers: { Users } });
    expect(await pool.would(action, "you@example.com")).toBe(said);
    expect(calls.map(({ name }) => name)).toEqual(["ListUsers"]);
  });

  test.each([
    ["invite", [active], "you@example.com is already a creator (CONFIRMED); nothing was changed"],
    ["disable", [], "there is no creator you@example.com; nothing was changed"],
    ["enable", [], "there is no creator you@example.com; nothing was changed"],
  ] as const)("of %s is refused where the change would be", async (action, Users, refusal) => {
    const { pool } = poolWith({ ListUsers: { Users } });
    await expect(pool.would(action, "you@example.com")).rejects.toThrow(refusal);
  });
});

test("all pages are listed, one line for each creator", async () => {
  const second = { ...invited, Enabled: false, Attributes: [{ Name: "email", Value: "me@example.com" }] };
  const { pool } = poolWith({
    ListUsers: [{ Users: [invited], PaginationToken: "next" }, { Users: [second] }],
  });
  expect(listed(await pool.list())).toEqual([
    "You@example.com  invited  since 2026-11-29",
    "me@example.com   disabled  since 2026-11-29",
  ]);
  expect(listed([])[0]).toContain("no creators");
});

test.each([
  [["dev", "invite"], "invite needs an e-mail address"],
  [["dev", "list", "you@example.com"], "list takes no e-mail address"],
  [["dev", "invite", "you"], "EMAIL must be an e-mail address"],
])("the command line %j is refused", (args, message) => {
  expect(() => users.parse(args)).toThrow(message);
});
