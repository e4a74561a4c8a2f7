import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../stacks/environments";
import { PROCEDURES, type AlarmRunbook, alarmRunbooks } from "../../cli/docs/runbooks";
import { readStacks } from "../../packages/terraform/synthesized-stack";
import { anchorsOf, codeOf, ROOT, textOf } from "../support/markdown";
import { npmFault } from "../support/npm-commands";
import { everyCommand } from "../support/shell";
import { committedSettingsOf, synthTo } from "../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "streamflow-runbooks-"));
// With a hosted zone there are certificates too, and their alarms.
const zone = { hostedZoneId: "Z0123456789" };
synthTo(
  outdir,
  environments.map((settings) => ({ ...settings, ...zone })),
);
const stacks = readStacks(outdir);
const runbooks = stacks.flatMap(alarmRunbooks);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const pages = readdirSync(join(ROOT, "docs/runbooks"))
  .filter((file) => file !== "README.md")
  .map((file) => file.replace(/\.md$/, ""));
const read = (page: string): string => textOf(`docs/runbooks/${page}.md`);

test("every alarm that notifies people names its owner and links to a runbook", () => {
  const notifying = stacks.flatMap((stack) =>
    // Alarms for people also notify when they end; alarms for the autoscaler do not.
    stack
      .of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
      .filter((alarm) => alarm.at("ok_actions").exists),
  );
  expect(notifying.length).toBeGreaterThan(40);
  expect(runbooks.map(({ name }) => name).sort()).toEqual(
    notifying.map((alarm) => alarm.at("alarm_name").text).sort(),
  );
});

/** Alarms whose runbook is not a page of this repository, or lacks the linked section. */
function deadLinks(alarms: readonly AlarmRunbook[]): AlarmRunbook[] {
  return alarms.filter(({ link, page }) => {
    const [, repository, path] =
      /^https:\/\/github\.com\/([^/]+\/[^/]+)\/blob\/main\/docs\/(.*)$/.exec(link) ?? [];
    const [file = "", anchor] = page.replace("runbooks/", "").split("#");
    const name = file.replace(/\.md$/, "");
    const known = environments.some((settings) => settings.repository === repository) && path === page;
    return (
      !known || !pages.includes(name) || (anchor !== undefined && !anchorsOf(read(name)).includes(anchor))
    );
  });
}

/** Runbooks that no alarm or procedure uses, and missing runbooks. */
function strays(alarms: readonly AlarmRunbook[], all: readonly string[]): string[] {
  const reached = new Set([
    ...alarms.map(({ page }) => page.replace(/^runbooks\/(.*)\.md.*$/, "$1")),
    ...PROCEDURES.map(([id]) => id),
    ...(stacks.some((stack) => stack.of("aws_budgets_budget").length > 0) ? ["budget"] : []),
  ]);
  return [...all.filter((page) => !reached.has(page)), ...[...reached].filter((page) => !all.includes(page))];
}

test("every link of an alarm leads to a page of this repository and an existing section", () => {
  expect(deadLinks(runbooks)).toEqual([]);
});

test("every runbook belongs to an alarm, a budget or a planned procedure, and each of those has one", () => {
  expect(strays(runbooks, pages)).toEqual([]);
});

test("no page names an account, its bucket, or an environment's address", () => {
  const own = environments.flatMap(({ account, domain, state }) => [
    account,
    `//${domain}`,
    ...(state.kind === "s3" ? [state.bucket] : []),
  ]);
  const naming = pages.filter(
    (page) => /\b\d{12}\b/.test(read(page)) || own.some((text) => read(page).includes(text)),
  );
  expect(naming).toEqual([]);
});

test("finds links to missing pages, other repositories and missing sections, and unused pages", () => {
  const [one] = runbooks;
  const { repository } = committedSettingsOf("prod");
  const leading = (page: string, to = repository): AlarmRunbook =>
    ({ ...one, page, link: `https://github.com/${to}/blob/main/docs/${page}` }) as AlarmRunbook;
  const dead = [
    leading("runbooks/api-failures.md"),
    leading("runbooks/api-errors.md#later"),
    leading("runbooks/api-errors.md", "somebody/else"),
  ];
  expect(deadLinks([leading("runbooks/api-errors.md#look-first"), ...dead])).toEqual(dead);
  expect(strays(runbooks, [...pages, "api-failures"])).toEqual(["api-failures"]);
  expect(
    strays(
      runbooks,
      pages.filter((page) => page !== "api-errors"),
    ),
  ).toEqual(["api-errors"]);
});

test("the index sets the pages' variables from names that exist in prod", () => {
  const prod = JSON.stringify(stacks.find(({ name }) => name === "streamflow-prod"));
  expect(unknownNames(read("README"), prod)).toEqual([]);
  const used = pages.flatMap(
    (page) =>
      codeOf(read(page))
        .join("\n")
        .match(/\$[A-Z][A-Z_]+/g) ?? [],
  );
  const set = [...read("README").matchAll(/^export ([A-Z_]+)=/gm)].map(([, name]) => `$${name}`);
  expect([...new Set(used)].filter((name) => !set.includes(name))).toEqual([]);
});

describe.each(pages)("%s", (page) => {
  const text = read(page);

  test("is short and has the sections in order", () => {
    expect(text.split("\n").length).toBeLessThanOrEqual(51);
    expect(anchorsOf(text)).toEqual([
      page,
      "look-first",
      PROCEDURES.some(([id]) => id === page) ? "what-to-do" : "causes-and-what-to-do",
      "resolved-when",
      "escalation",
    ]);
  });

  test("has npm commands with valid arguments", async () => {
    const commands = codeOf(text)
      .filter((line) => line.startsWith("npm "))
      .flatMap(everyCommand);
    const faults = await Promise.all(commands.map(npmFault));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  test("names what prod has, by its names", () => {
    const prod = JSON.stringify(stacks.find(({ name }) => name === "streamflow-prod"));
    expect(unknownNames(text, prod)).toEqual([]);
  });
});

/** Physical names that a page's code uses and that the synthesized stack does not. */
function unknownNames(page: string, synthesized: string): string[] {
  const names = (text: string): string[] =>
    text.match(/(?:[\w/-]*\/)?streamflow-(?:prod|state)[\w-]*/g) ?? [];
  const known = new Set([...names(synthesized), "streamflow-prod"]);
  const settings = committedSettingsOf("prod");
  if (settings.state.kind === "s3") known.add(settings.state.bucket);
  const variables = {
    ACCOUNT: settings.account,
    STATE_BUCKET: [...known].at(-1) ?? "",
    PUBLIC_URL: "https://x",
  };
  const filled = page.replace(/\$([A-Z_]+)/g, (text, name: string) => variables[name as "ACCOUNT"] ?? text);
  return codeOf(filled)
    .filter((line) => /^(aws|npm|curl|export) /.test(line))
    .flatMap(names)
    .map((name) => name.replace(/^(service\/)(streamflow-prod-[\w-]+)\/\2$/, "$2"))
    .filter((name) => !known.has(name));
}

describe("a wrong command", () => {
  test.each([
    ["npm run restor -- prod database", "there is no script restor"],
    ["npm run restore prod database", "what is for restore stands behind --"],
    [
      "npm run restore -- prod tables --to 2026-11-24T03:00:00Z",
      "KIND must be one of database, objects, state",
    ],
    ["npm run restore -- prod database --until 2026-11-24T03:00:00Z", "unknown option --until"],
    ["npm run restore -- prod database --to yesterday", "--to must be latest, or a time"],
    ["npm run deploy -- prod --force", "unknown option --force"],
    ["npm run redrive -- prod --redrive --discard", "can't be combined"],
    [
      "npm run compare -- staging production",
      'ENVIRONMENT must be one of dev, staging, prod, got "production"',
    ],
  ])("%s is found", async (line, fault) => {
    const [words = []] = everyCommand(line);
    expect(await npmFault(words)).toContain(fault);
  });

  test("is found by a name that nothing has", () => {
    const page = "```sh\naws sqs get-queue-url --queue-name streamflow-prod-media-queues\n```";
    expect(unknownNames(page, '"streamflow-prod-media-queue"')).toEqual(["streamflow-prod-media-queues"]);
  });
});
