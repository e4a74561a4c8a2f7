import { CloudfrontKeyGroup } from "@cdktf/provider-aws/lib/cloudfront-key-group";
import { CloudfrontPublicKey } from "@cdktf/provider-aws/lib/cloudfront-public-key";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";
import type { Permission } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { optional } from "../../lib/optional";
import { canonicalPem } from "../../lib/public-key";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import type { EdgeSettings } from "./settings";

export interface PlaybackKeysProps extends Pick<EdgeSettings, "playbackKeys"> {
  readonly protect: boolean;
}

/** Public keys that verify playback cookies. Private keys are stored in the secret manually, never by Terraform. */
export class PlaybackKeys extends Construct {
  readonly groupId: string;
  /** Ids of the public keys in CloudFront, by their names in the settings. */
  readonly keyIds: Readonly<Record<string, string>>;
  /** ARN of the secret with `{ "<public key id>": "<private key in PEM>" }`. */
  readonly secretArn: string;

  constructor(scope: Construct, id: string, { playbackKeys, protect }: PlaybackKeysProps) {
    super(scope, id);
    const keys = Object.entries(playbackKeys).map(([name, key]) => {
      const { id: keyId } = new CloudfrontPublicKey(this, name, {
        name: physicalName(this, "CloudFront policy", name),
        comment: "Signs playback cookies",
        // Canonical text: Terraform would replace a key over a missing newline.
        encodedKey: canonicalPem(key),
        // CloudFront can't delete a key that a group refers to.
        lifecycle: { createBeforeDestroy: true },
      });
      return [name, keyId] as const;
    });
    this.keyIds = Object.fromEntries(keys);
    this.groupId = new CloudfrontKeyGroup(this, "Default", {
      name: physicalName(this, "CloudFront policy"),
      comment: "Signs playback cookies",
      items: Object.values(this.keyIds),
    }).id;
    this.secretArn = new SecretsmanagerSecret(this, "private-keys", {
      name: physicalName(this, "secret", "private-keys"),
      description: "Private keys that sign playback cookies, by the id of their public key",
      ...optional({ kmsKeyId: encryptionKeyArn(this) }),
      // 0 frees the name immediately, so that the environment can be recreated.
      recoveryWindowInDays: protect ? 7 : 0,
    }).arn;
  }

  /** Permission to read the private keys. */
  read(): Permission {
    return { actions: ["secretsmanager:GetSecretValue"], resources: [this.secretArn] };
  }
}
