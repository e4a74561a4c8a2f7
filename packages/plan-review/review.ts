import { type AccessChange, accessChange, type AccessContext, accessFindings, accountsOf } from "./access";
import { planFindings, invokedActions } from "./checks-and-actions";
import { Dependents } from "./dependents";
import { type Action, type Change, changesOf, driftOf, outputChanges, synthesizedResources } from "./changes";
import { type CostChange, costChange, costFindings, type PriceList, type ResourceCost } from "./cost";
import { type Difference, differencesOf, tagDifferences } from "./difference";
import { planDigest } from "./digest";
import { type ExposureChange, exposureChange, exposureFindings } from "./exposure";
import { bySeverity, type Finding, type Verdict } from "./finding";
import { lossFindings } from "./losses";
import { outputFindings, type OutputChange, readOutputs, secretFindings, unmarkedFindings } from "./outputs";
import { type NotJudged, notJudged, notJudgedFindings } from "./coverage";
import type { Plan } from "@packages/terraform/plan";
import { ACTIONS } from "./action-words";
import { isOrdinary } from "./rules/ordinary";

/** A changed resource as shown in a review. */
export interface ReviewedChange {
  readonly address: string;
  readonly construct?: string | undefined;
  readonly action: Action;
  readonly differences: readonly Difference[];
  /** Only its tags change. */
  readonly tagsOnly: boolean;
  readonly replacedBy: readonly string[];
  readonly reason?: string | undefined;
  readonly previousAddress?: string | undefined;
  readonly importId?: string | undefined;
  /** Addresses of direct and indirect dependents. */
  readonly dependents: readonly string[];
  /** What it adds to the monthly cost; absent without a price list, or if it adds nothing or its type has no price. */
  readonly cost?: ResourceCost | undefined;
}

/** The review of one stack, with sensitive values masked, so that it can be stored and shown. */
export interface Review {
  readonly stack: string;
  readonly terraform: string;
  /** SHA-256 of the plan's effect. */
  readonly digest: string;
  /** SHA-256 of the saved plan file, if given; only this file may be applied. */
  readonly planFile?: string | undefined;
  /** Verdict from the most severe finding; `no-changes` if nothing changes. */
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Exclude<Action, "no-op" | "read">, number>>;
  readonly changes: readonly ReviewedChange[];
  readonly drift: readonly ReviewedChange[];
  readonly outputs: readonly OutputChange[];
  /** Addresses of actions that the apply runs. */
  readonly invoked: readonly string[];
  /** Changes that no rule covers; such a plan is never safe. */
  readonly notJudged: readonly NotJudged[];
  readonly access: AccessChange;
  readonly exposure: ExposureChange;
  /** Absent without a price list. */
  readonly cost?: CostChange | undefined;
}

export interface ReviewOptions {
  /** Name of the stack. */
  readonly stack: string;
  /** The stack's `cdk.tf.json`, if available, for constructs and unknown policies. */
  readonly synthesized?: unknown;
  readonly planFile?: string | undefined;
  readonly prices?: PriceList;
  /** Addresses of policies that allow whole services on purpose; `*` matches any text. */
  readonly acceptedWideAccess?: readonly string[];
}

/** Reviews a plan; deterministic. */
export function reviewOf(plan: Plan, options: ReviewOptions): Review {
  const { stack, synthesized, planFile, prices } = options;
  const code = synthesizedResources(synthesized);
  const changes = changesOf(plan, code);
  const drifted = driftOf(plan, code);
  const dependents = new Dependents(plan);
  const accessContext: AccessContext = {
    ownAccounts: accountsOf(plan),
    acceptedWideAccess: options.acceptedWideAccess ?? [],
  };
  const access = accessChange(changes, accessContext);
  const exposure = exposureChange(changes, plan);
  const invoked = invokedActions(plan);
  const outputs = readOutputs(outputChanges(plan));
  const cost = prices && costChange(plan, changes, prices);
  const unjudged = notJudged(changes);
  const findings = bySeverity([
    ...lossFindings(changes),
    ...exposureFindings(exposure),
    ...accessFindings(access),
    ...planFindings(plan),
    ...outputFindings(outputs),
    ...unmarkedFindings(plan),
    ...secretFindings(changes),
    ...driftFindings(drifted, plan, accessContext),
    ...(cost === undefined ? [] : costFindings(cost)),
    ...notJudgedFindings(unjudged),
  ]);
  return {
    stack,
    terraform: plan.terraform_version,
    digest: planDigest(plan, code),
    planFile,
    verdict: verdictOf(findings, changes.length + outputs.length + invoked.length),
    findings,
    counts: countsOf(changes),
    changes: changes.map((change) => ({
      ...reviewedChange(change, dependents),
      cost: cost?.resources[change.address],
    })),
    drift: drifted.map((change) => reviewedChange(change, dependents)),
    outputs,
    invoked,
    notJudged: unjudged,
    access,
    exposure,
    cost,
  };
}

function verdictOf(findings: readonly Finding[], changes: number): Verdict {
  const worst = findings[0]?.severity;
  if (worst === "block") return "blocked";
  if (worst === "review") return "needs-review";
  return changes === 0 ? "no-changes" : "safe";
}

function countsOf(changes: readonly Change[]): Review["counts"] {
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    supersede: count("supersede"),
    delete: count("delete"),
    move: count("move"),
    // An import may include changes, and counts as both.
    import: changes.filter(({ importId }) => importId !== undefined).length,
    forget: count("forget"),
    unknown: count("unknown"),
  };
}

function reviewedChange(change: Change, dependents: Dependents): ReviewedChange {
  const { address, construct, action, replacedBy, reason, previousAddress, importId } = change;
  const all = mattersFirst(change, differencesOf(change));
  const tagsOnly = action === "update" && all.every(({ path }) => /^tags(\.|$)/.test(path));
  // tags_all includes the provider's tags; other providers don't have it.
  const tags = tagsOnly ? tagDifferences(change) : [];
  return {
    address,
    construct,
    action,
    differences: tags.length > 0 ? tags : all,
    tagsOnly,
    replacedBy,
    reason,
    previousAddress,
    importId,
    dependents: action === "create" ? [] : dependents.of(address),
  };
}

/** Attributes with a rule first, for resources that are created or deleted: they have many. */
function mattersFirst({ type, before, after }: Change, differences: Difference[]): Difference[] {
  if (before !== undefined && after !== undefined) return differences;
  const isMinor = ({ path }: Difference) => isOrdinary(type, path);
  return [...differences.filter((one) => !isMinor(one)), ...differences.filter(isMinor)];
}

/**
 * Findings for drift, which the next deployment would revert or build on: rated by effect if known, such as lost data,
 * new exposure or permissions.
 */
function driftFindings(drift: readonly Change[], plan: Plan, accessContext: AccessContext): Finding[] {
  const real = drift.filter((change) => change.action === "delete" || differencesOf(change).length > 0);
  const risks = [
    ...lossFindings(real),
    ...exposureFindings(exposureChange(real, plan)),
    ...accessFindings(accessChange(real, accessContext)),
  ];
  const relevant = new Set((plan.relevant_attributes ?? []).map(({ resource }) => resource));
  const found = new Set(risks.map(({ address }) => address));
  const others = real
    .filter(({ address }) => !found.has(address))
    .map(({ address, action }): Finding => {
      const details = relevant.has(address) ? ["the plan depends on it"] : [];
      return {
        severity: "review",
        rule: "drift",
        title: `${address} was ${ACTIONS[action]}`,
        address,
        details,
      };
    });
  return [...risks, ...others].map((finding) => ({
    ...finding,
    severity: finding.severity === "info" ? "review" : finding.severity,
    rule: "drift",
    title: `outside of Terraform: ${finding.title}`,
  }));
}
