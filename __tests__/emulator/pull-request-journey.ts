import { join } from "node:path";
import { destroyEnvironment } from "../../cli/destroy/environment";
import { synthesizeUnprotected } from "../../cli/destroy/run";
import { prepare } from "../../cli/lib/prepared-stack";
import { deployedPullRequests } from "../../cli/lib/pull-request-states";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { Deployment } from "../../cli/start/deploy";
import { EMULATOR_PARALLELISM } from "../../cli/start/deploy-options";
import { foundationOf } from "../../cli/start/foundation";
import { RunFolder } from "../../cli/start/run-folder";
import { isManaged } from "../../packages/terraform/plan";
import { pullRequestEnvironment } from "../../stacks/pull-request-environment";
import type { EnvironmentSettings } from "../../stacks/settings";
import { synthTo } from "../support/synth";
import { applied, type Place } from "./applied-settings";

/** The environment of a pull request beside one that is deployed, by the roles that the foundation makes for it. */
export class PullRequestJourney {
  readonly name: string;
  private readonly run = RunFolder.open({ name: "pull-request-test", once: true, fresh: true });
  private readonly base: EnvironmentSettings;
  private readonly settings: EnvironmentSettings;
  private deployment: Deployment | undefined;

  constructor(
    private readonly place: Place,
    beside: EnvironmentSettings,
  ) {
    this.base = { ...beside, pullRequests: { most: 1, expireAfterDays: 3 } };
    this.settings = pullRequestEnvironment(this.base, 7);
    this.name = this.settings.name;
  }

  /**
   * What the account's foundation would change for pull requests and for a fourth environment with this name: actions and
   * addresses.
   */
  async plannedFoundation(fourth: string): Promise<string[]> {
    const { steps } = this.place;
    const { emulator } = this.place.aws;
    const beside = { ...this.settings, name: fourth, domain: `${fourth}.example.com` };
    const synthesized = this.synthesized("fourth", [this.base, beside, this.settings]);
    const toolchain = await terraformToolchain();
    const founded = foundationOf({ synthesized, emulator, toolchain, run: this.run, steps });
    if (founded === undefined) throw new Error("the state is not in S3");
    await founded.foundation.plan({ inBucket: await founded.inBucket() });
    const { resource_changes: changes } = await founded.foundation.readPlan();
    return changes
      .filter(isManaged)
      .filter(({ change }) => change.actions.join() !== "no-op")
      .map(({ address, change }) => `${change.actions.join()} ${address}`);
  }

  /** Deploys it as the pipeline does. Throws unless a second plan is empty and the roles have every permission. */
  async deploy(): Promise<Deployment> {
    this.deployment = await applied(
      { ...this.place, run: this.run },
      this.synthesized("deployed", [this.base, this.settings]),
    );
    return this.deployment;
  }

  /** Names of the environments of pull requests that have resources. */
  async deployed(): Promise<string[]> {
    const found = await deployedPullRequests(this.client, this.settings.state);
    return found.map(({ environment }) => environment);
  }

  /** Destroys it as npm run sweep does, with the apply role for everything; returns the ARNs that are left. */
  async destroy(): Promise<readonly string[]> {
    const { steps } = this.place;
    const { name } = this;
    const roles = this.deployment?.deliveryRoles;
    if (roles === undefined) throw new Error(`${name} is not deployed`);
    const env = await roles.environmentOf("apply");
    const credentials = {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
      sessionToken: env.AWS_SESSION_TOKEN ?? "",
    };
    const target = { stack: `streamflow-${name}`, name, settings: this.settings, foundation: false };
    const access = { name: "the apply role", env, client: { ...this.client, credentials } };
    const prepared = await prepare(target, {
      access,
      steps,
      out: this.run.path("destroy"),
      synth: () =>
        Promise.resolve(
          synthesizeUnprotected(target, [this.base, this.settings], this.run.path("unprotected")),
        ),
      parallelism: EMULATOR_PARALLELISM,
    });
    const consent = { name, typed: name, unprotect: false, deleteBackups: true, ask: undefined };
    const left = await destroyEnvironment(prepared, consent, steps);
    await roles.permissions.check();
    return left;
  }

  release(): void {
    this.run.release();
  }

  private get client() {
    const aws = this.deployment?.aws;
    if (aws === undefined) throw new Error(`${this.name} is not deployed`);
    return { ...aws, forcePathStyle: true };
  }

  private synthesized(folder: string, all: readonly EnvironmentSettings[]): SynthesizedStack {
    const stack = `streamflow-${this.name}`;
    const path = synthTo(join(this.place.folder, folder), all).find((one) => one.endsWith(stack)) ?? "";
    return new SynthesizedStack(stack, path);
  }
}
