import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  CloudBackend,
  NamedCloudWorkspace,
  S3Backend,
  type TerraformElement,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import { type Construct, Node } from "constructs";
import { AWS_PROVIDER, PROVIDER_LOCK } from "./lib/aws-provider";
import { deployedPath, keepDeployedPaths, type RenamedConstruct } from "./lib/deployed-path";
import { optional } from "./lib/optional";
import { renamedConstructs } from "./renamed-constructs";
import type { StateSettings } from "./settings";

/** Account-level settings of every stack. */
export interface BaseStackProps {
  /** AWS account id, 12 digits; Terraform rejects any other account. */
  readonly account: string;
  readonly region: string;
  readonly state: StateSettings;
  /** Tags that the provider adds to every resource. */
  readonly tags: Readonly<Record<string, string>>;
  /** Constructs that keep their deployed addresses and names; those of `renamed-constructs.ts` when not given. */
  readonly renamed?: readonly RenamedConstruct[];
}

/** Key of a stack's state in its bucket. */
export function stateKey(stack: string): string {
  return `${stack}/terraform.tfstate`;
}

/**
 * A stack with provider, state and readable Terraform addresses. All resources are tagged and restricted to the
 * account.
 */
export class BaseStack extends TerraformStack {
  private readonly addresses = new Map<string, string>();
  private readonly renamed: readonly RenamedConstruct[];
  private readonly left: object[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BaseStackProps,
  ) {
    super(scope, id);
    this.renamed = props.renamed ?? renamedConstructs;
    keepDeployedPaths(this, this.renamed);
    this.provider("aws", { region: props.region });
    this.addOverride("terraform.required_version", ">= 1.11");
    this.addOverride("terraform.required_providers.aws", { ...AWS_PROVIDER });
    this.keepState(props.state);
    this.lockProviders();
  }

  /** The provider of a region; CloudFront needs certificates and web ACLs in us-east-1. */
  protected provider(
    id: string,
    { region, alias }: { readonly region: string; readonly alias?: string },
  ): AwsProvider {
    const { account, tags } = this.props;
    return new AwsProvider(this, id, {
      region,
      allowedAccountIds: [account],
      defaultTags: [{ tags: { ...tags } }],
      // tags that a database restore sets on instances while it runs
      ignoreTags: [{ keys: ["RestoreOf", "RestoreTo", "ReplacedBy", "RestoreEnded"] }],
      ...optional({ alias }),
    });
  }

  /** Makes Terraform forget a resource that this stack had before the foundation had it; it stays in AWS. */
  protected leaveToFoundation(from: string): void {
    this.left.push({ from, lifecycle: { destroy: false } });
    this.addOverride("removed", this.left);
  }

  /** Adds outputs for people and tools. */
  protected outputs(values: Readonly<Record<string, string>>): void {
    for (const [id, value] of Object.entries(values)) new TerraformOutput(this, id, { value });
  }

  /** Adds the lock file to the synthesized stack, so that terraform init installs the tested provider and checks it. */
  private lockProviders(): void {
    const { synthesizer } = this;
    this.synthesizer = {
      synthesize: (session) => {
        synthesizer.synthesize(session);
        const { workingDirectory } = session.manifest.forStack(this);
        copyFileSync(PROVIDER_LOCK, join(session.outdir, workingDirectory, ".terraform.lock.hcl"));
      },
    };
  }

  private keepState(state: StateSettings): void {
    const name = this.node.id;
    if (state.kind === "terraform-cloud") {
      new CloudBackend(this, {
        organization: state.organization,
        workspaces: new NamedCloudWorkspace(name),
        ...optional({ hostname: state.hostname }),
      });
      return;
    }
    new S3Backend(this, {
      bucket: state.bucket,
      key: stateKey(name),
      region: state.region,
      encrypt: true,
    });
    // CDKTF's S3Backend has no property for the lock file.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }

  /**
   * The construct path without a hash: `aws_sqs_queue.media_queue_dead_letters`. The id `Default` of a main resource is
   * omitted. A renamed construct keeps its deployed address.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const { path } = element instanceof Node ? element : element.node;
    const address = deployedPath(path.slice(this.node.path.length + 1), this.renamed)
      .split("/")
      .filter((id) => id !== "" && id !== "Default")
      .join("_")
      .replace(/[^A-Za-z0-9_]/g, "_");
    // Outputs and resources of each type have separate namespaces.
    const kind =
      element instanceof TerraformResource ? element.terraformResourceType : element.constructor.name;
    const owner = this.addresses.get(`${kind}.${address}`);
    if (owner !== undefined && owner !== path) {
      throw new Error(`two constructs have the Terraform address "${kind}.${address}": ${owner} and ${path}`);
    }
    this.addresses.set(`${kind}.${address}`, path);
    return address;
  }
}
