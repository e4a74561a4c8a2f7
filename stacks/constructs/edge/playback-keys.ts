import { CloudfrontKeyGroup } from "@cdktf/provider-aws/lib/cloudfront-key-group";
import { CloudfrontPublicKey } from "@cdktf/provider-aws/lib/cloudfront-public-key";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";
import type { Permission } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { canonicalPem } from "../../lib/public-key";
import type { EdgeSettings } from "./settings";

export interface PlaybackKeysProps extends Pick<EdgeSettings, "playbackKeys"> {
  readonly protect: boolean;
}

/** Who may sign playback cookies. The private keys are put into the secret by hand, never by Terraform. */
export class PlaybackKeys extends Construct {
  readonly groupId: string;
  /** Secret that holds `{ "<public key id>": "<private key in PEM>" }`. */
  readonly secretArn: string;

  constructor(scope: Construct, id: string, { playbackKeys, protect }: PlaybackKeysProps) {
    super(scope, id);
    const keys = Object.entries(playbackKeys).map(
      ([name, key]) =>
        new CloudfrontPublicKey(this, name, {
          name: physicalName(this, "CloudFront policy", name),
          comment: "Signs playback cookies",
          // Terraform replaces a key for a missing last newline.
          encodedKey: canonicalPem(key),
          // CloudFront lets no key go that a group still names.
          lifecycle: { createBeforeDestroy: true },
        }),
    );
    this.groupId = new CloudfrontKeyGroup(this, "Default", {
      name: physicalName(this, "CloudFront policy"),
      comment: "Signs playback cookies",
      items: keys.map((key) => key.id),
    }).id;
    this.secretArn = new SecretsmanagerSecret(this, "private-keys", {
      name: physicalName(this, "secret", "private-keys"),
      description: "Private keys that sign playback cookies, by the id of their public key",
      // 0 sets the name free at once, for an environment that is made again.
      recoveryWindowInDays: protect ? 7 : 0,
    }).arn;
  }

  /** May read the private keys. */
  read(): Permission {
    return { actions: ["secretsmanager:GetSecretValue"], resources: [this.secretArn] };
  }
}
