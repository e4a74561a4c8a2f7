import { writeWhole } from "@packages/cli-kit/write-whole";
import type { AwsClientConfig } from "../client";
import { asksOf } from "./call";
import { type AccessRequest, evaluate } from "@packages/iam/evaluate";
import { type Entry, Ledger } from "./ledger";
import { denialText, nameOf, report, unneeded } from "./report";
import type { RoleCall } from "./role-call";
import { DeployedRoles, type RolePolicies } from "./roles";

export type DeniedCall = Entry;

export interface PermissionWatchOptions {
  readonly aws: AwsClientConfig;
  readonly accountId: string;
  /** ARNs of the roles whose calls are evaluated. */
  readonly roles: () => readonly string[];
  /** The permissions that a call needs: those of code that runs here by default. */
  readonly asks?: (call: RoleCall, account: string) => readonly AccessRequest[];
  /** Where the policy is written that lacks the statement of a denied call. */
  readonly policyOf?: (call: DeniedCall) => string;
  /** Markdown file that `check` writes. */
  readonly file: string;
}

/** Evaluates the calls of roles with their policies: AWS rejects calls without permission, moto does not. */
export class PermissionWatch {
  private readonly roles: DeployedRoles;
  private readonly ledger = new Ledger();
  private readonly unknown = new Set<string>();
  /** Number of the last evaluated call. */
  private seen = 0;
  private evaluating: Promise<void> = Promise.resolve();

  constructor(private readonly options: PermissionWatchOptions) {
    this.roles = new DeployedRoles(options.aws);
  }

  /** Why a role may not perform a request; undefined if it may. The request is recorded. */
  async fault(role: string, asked: AccessRequest): Promise<string | undefined> {
    const decision = evaluate(asked, await this.roles.of(role));
    this.ledger.note(role, asked, decision);
    return decision.result === "allowed"
      ? undefined
      : `${nameOf(role)} may not ${asked.action}: ${decision.reason}`;
  }

  /** Evaluates new calls of the emulator and writes the report; returns all denials so far as text. */
  async look(): Promise<readonly string[]> {
    this.evaluating = this.evaluating.catch(() => undefined).then(() => this.evaluate());
    await this.evaluating;
    writeWhole(this.options.file, report(this.ledger, await this.known(), [...this.unknown]));
    const { policyOf = () => "its policy" } = this.options;
    return [...this.unknown, ...this.ledger.denied.map((entry) => denialText(entry, policyOf))];
  }

  /** Evaluates new calls; returns a summary. Throws if a call was not allowed. */
  async check(): Promise<string> {
    const { file } = this.options;
    const faults = await this.look();
    if (faults.length > 0) {
      throw new Error(`AWS would have denied these calls of roles (${file}):\n${faults.join("\n")}`);
    }
    const roles = await this.known();
    const spare = roles.flatMap((role) => unneeded(this.ledger.unused(role)));
    return (
      `${this.ledger.count} requests by ${counted(roles.length, "role")}, all allowed by their policies; ` +
      `${counted(spare.length, "granted action")} not used: ${file}`
    );
  }

  private known(): Promise<RolePolicies[]> {
    return Promise.all(this.options.roles().map((arn) => this.roles.of(arn)));
  }

  private async evaluate(): Promise<void> {
    const { aws, accountId, asks = asksOf } = this.options;
    const response = await fetch(`${aws.endpoint}/moto-api/overlay/role-calls?after=${this.seen}`);
    const known = new Set(this.options.roles());
    for (const call of (await response.json()) as RoleCall[]) {
      this.seen = call.number;
      if (!known.has(call.role)) continue;
      try {
        for (const asked of asks(call, accountId)) await this.fault(call.role, asked);
      } catch (error) {
        this.unknown.add(`${nameOf(call.role)}: ${(error as Error).message}`);
      }
    }
  }
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
