import { AmplifyApp } from "@cdktf/provider-aws/lib/amplify-app";
import { AmplifyBranch } from "@cdktf/provider-aws/lib/amplify-branch";
import { AmplifyDomainAssociation } from "@cdktf/provider-aws/lib/amplify-domain-association";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Fn, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import type { Bucket } from "../data/bucket";
import type { WebAppSettings } from "./settings";

const CONFIG_KEY = "static/config.json";

interface ConsoleConfigOwner {
  readonly account: string;
  readonly environment: string;
}

/** ARN of the console's configuration object as a plain string, for roles that refresh the state. */
export function consoleConfigArn({ account, environment }: ConsoleConfigOwner): string {
  return `arn:aws:s3:::streamflow-${environment}-static-${account}/${CONFIG_KEY}`;
}

/** ARN pattern of the console's files, which each deployment publishes. */
export function consoleFilesArn({ account, environment }: ConsoleConfigOwner): string {
  return `arn:aws:s3:::streamflow-${environment}-static-${account}/static/*`;
}

export interface WebAppProps extends WebAppSettings {
  readonly region: string;
  /** Bucket that CloudFront serves below `/static/`. */
  readonly files: Bucket;
  readonly userPoolClientId: string;
}

/** The console on Amplify: an app with one branch, and its runtime configuration. */
export class WebApp extends Construct {
  /** Host name of the deployed branch. */
  readonly hostName: string;
  readonly appId: string;
  readonly branch: string;

  constructor(scope: Construct, id: string, props: WebAppProps) {
    super(scope, id);
    const { repository } = props;
    const builds =
      repository === undefined ? {} : { repository, accessToken: this.token(), buildSpec: BUILD_SPEC };
    const app = new AmplifyApp(this, "Default", {
      name: physicalName(this, "Amplify app"),
      platform: "WEB",
      // All paths serve the single page.
      customRule: [{ source: "/<*>", target: "/index.html", status: "404-200" }],
      ...builds,
      // Amplify needs the token once, for its webhook, and does not return it.
      lifecycle: { ignoreChanges: ["access_token"] },
    });
    const branch = new AmplifyBranch(this, "branch", {
      appId: app.id,
      branchName: props.branch,
      stage: props.stage,
      enableAutoBuild: repository !== undefined,
      // Amplify's detected default; otherwise every plan has a change.
      framework: "Web",
    });
    if (props.domain !== undefined) {
      new AmplifyDomainAssociation(this, "domain", {
        appId: app.id,
        domainName: props.domain,
        subDomain: [{ branchName: branch.branchName, prefix: "" }],
        waitForVerification: false,
      });
    }
    this.configure(props);
    this.appId = app.id;
    this.branch = branch.branchName;
    this.hostName = `${branch.branchName}.${app.defaultDomain}`;
  }

  /** Writes the runtime configuration, so that one build works in all environments. It contains no secrets. */
  private configure({ files, region, userPoolClientId }: WebAppProps): void {
    new S3Object(this, "config", {
      bucket: files.name,
      key: CONFIG_KEY,
      contentType: "application/json",
      cacheControl: "public, max-age=60",
      content: Fn.jsonencode({
        userPoolApi: `https://cognito-idp.${region}.amazonaws.com`,
        userPoolClientId,
      }),
    });
  }

  private token(): string {
    return new TerraformVariable(this, "access-token", {
      type: "string",
      sensitive: true,
      description:
        "Token with which Amplify installs its webhook in the repository; stored in Terraform's state",
    }).stringValue;
  }
}

const BUILD_SPEC = [
  "version: 1",
  "frontend:",
  "  phases:",
  "    preBuild:",
  "      commands: [npm ci]",
  "    build:",
  "      commands: [npm run build:web -- --assets console]",
  "  artifacts:",
  "    baseDirectory: web/dist",
  '    files: ["**/*"]',
  "",
].join("\n");
