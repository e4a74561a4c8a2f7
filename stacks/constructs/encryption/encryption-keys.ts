import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type TerraformProvider, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { optional } from "../../lib/optional";
import { encryptionKeyAlias } from "./encryption-key";

export interface EncryptionKeysProps {
  readonly environment: string;
  /** Region of the stack's own provider. */
  readonly region: string;
}

const ID = "encryption";

/**
 * The customer managed keys of an environment, one a region. The account's foundation creates them; each plan reads them
 * by their alias, because RDS and other services return the ARN of a key where they were given an alias.
 */
export class EncryptionKeys extends Construct {
  private readonly aliases = new Map<string, DataAwsKmsAlias>();

  constructor(
    scope: TerraformStack,
    private readonly props: EncryptionKeysProps,
  ) {
    super(scope, ID);
  }

  /** ARN of the key in the region of a provider; in the stack's own region without one. */
  arnIn(provider: TerraformProvider | undefined): string {
    const region = (provider instanceof AwsProvider ? provider.region : undefined) ?? this.props.region;
    const known = this.aliases.get(region);
    if (known !== undefined) return known.targetKeyArn;
    const alias = new DataAwsKmsAlias(this, region, {
      name: encryptionKeyAlias(this.props.environment),
      ...optional({ provider: region === this.props.region ? undefined : provider }),
    });
    this.aliases.set(region, alias);
    return alias.targetKeyArn;
  }
}

/**
 * ARN of the customer managed key for a construct's data; undefined if the environment has none. It is found by the
 * construct's stack, as physical names are, because every construct with data needs it.
 *
 * @param provider Provider of the resource's region, if it differs from the stack's.
 */
export function encryptionKeyArn(scope: IConstruct, provider?: TerraformProvider): string | undefined {
  const keys = TerraformStack.of(scope).node.tryFindChild(ID);
  return keys instanceof EncryptionKeys ? keys.arnIn(provider) : undefined;
}
