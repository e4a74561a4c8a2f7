import { readFileSync } from "node:fs";
import { S3Client } from "@aws-sdk/client-s3";
import { Refusal } from "@packages/cli-kit/refusal";
import type { TerraformCloudClient } from "@packages/terraform-cloud/client";
import { stateVersions, storeState, type WorkspaceName } from "@packages/terraform-cloud/states";
import { parseState, type State } from "@packages/terraform/state";
import type { TerraformStack } from "@packages/terraform/terraform-stack";
import type { Prepared } from "../../lib/prepared-stack";
import { terraformCloudClient } from "../../lib/terraform-cloud";
import { readVersion, type StatePlace, type StateVersion, storeInS3, versionsOf } from "./versions";

/** All versions of one state, wherever it is stored. */
export interface StateStore {
  /** For messages: where the state is. */
  readonly name: string;
  /** Newest first. */
  versions(): Promise<StateVersion[]>;
  read(version: StateVersion): Promise<State>;
  /** Makes the state in a file current, as it is. Throws if the current one has another lineage or a newer serial. */
  push(file: string): Promise<void>;
  /** Stores a state as it is, with its serial and lineage: `terraform state push` changes them in an empty place. */
  store(content: string): Promise<void>;
  close(): Promise<void>;
}

class StateInS3 implements StateStore {
  constructor(
    private readonly s3: S3Client,
    private readonly place: StatePlace,
    private readonly stack: TerraformStack,
  ) {}

  get name(): string {
    return `s3://${this.place.bucket}/${this.place.key}`;
  }

  versions(): Promise<StateVersion[]> {
    return versionsOf(this.s3, this.place);
  }

  read(version: StateVersion): Promise<State> {
    return readVersion(this.s3, this.place, version);
  }

  push(file: string): Promise<void> {
    return this.stack.pushState(file);
  }

  store(content: string): Promise<void> {
    return storeInS3(this.s3, this.place, content);
  }

  close(): Promise<void> {
    this.s3.destroy();
    return Promise.resolve();
  }
}

class StateInWorkspace implements StateStore {
  constructor(
    private readonly client: TerraformCloudClient,
    private readonly place: WorkspaceName,
  ) {}

  get name(): string {
    return `${this.client.hostname}/${this.place.organization}/${this.place.workspace}`;
  }

  async versions(): Promise<StateVersion[]> {
    const versions = await stateVersions(this.client, this.place);
    return versions.map(({ id, time }, index) => ({ id, time, current: index === 0 }));
  }

  async read({ id }: StateVersion): Promise<State> {
    const version = (await stateVersions(this.client, this.place)).find((one) => one.id === id);
    return parseState(version === undefined ? "" : await this.client.download(version.downloadUrl), id);
  }

  push(file: string): Promise<void> {
    return this.store(readFileSync(file, "utf8"));
  }

  async store(content: string): Promise<void> {
    const { organization, workspace } = this.place;
    const found = await this.client.find(`/organizations/${organization}/workspaces/${workspace}`);
    if (found === undefined)
      throw new Refusal(`the workspace ${this.name} does not exist: create it with npm run cloud`);
    await storeState(this.client, found.id, content);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

/** The store of a stack's state. Throws a Refusal without a token for Terraform Cloud. */
export function stateStoreOf({ synthesized, access, target, stack }: Prepared): StateStore {
  const { state } = target.settings;
  const backend = synthesized.s3Backend;
  if (backend !== undefined) {
    const s3 = new S3Client({ ...access.client, region: backend.region, maxAttempts: 5 });
    return new StateInS3(s3, { bucket: backend.bucket, key: backend.key }, stack);
  }
  if (state.kind !== "terraform-cloud") throw new Error(`${synthesized.name} has no backend`);
  const { organization } = state;
  return new StateInWorkspace(terraformCloudClient(state), { organization, workspace: synthesized.name });
}
