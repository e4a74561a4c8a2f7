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

/** ARN of the console's configuration, as text: whoever may refresh an environment's state must read the object. */
export function consoleConfigArn({ account, environment }: ConsoleConfigOwner): string {
  return `arn:aws:s3:::streamflow-${environment}-static-${account}/${CONFIG_KEY}`;
}

export interface WebAppProps extends WebAppSettings {
  readonly region: string;
  /** What CloudFront serves below `/static/`. */
  readonly files: Bucket;
  readonly userPoolClientId: string;
}

/** The console, hosted by Amplify: one branch of one app, and what it must know of its environment. */
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
      // A path of the single page is the page.
      customRule: [{ source: "/<*>", target: "/index.html", status: "404-200" }],
      ...builds,
      // Amplify needs the token once, to install its webhook, and never gives it back.
      lifecycle: { ignoreChanges: ["access_token"] },
    });
    const branch = new AmplifyBranch(this, "branch", {
      appId: app.id,
      branchName: props.branch,
      stage: props.stage,
      enableAutoBuild: repository !== undefined,
      // Default of the framework detection, which a plan would otherwise show as a change.
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

  /** One build of the console serves every environment: it reads this when it is loaded. Nothing of it is secret. */
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
        "Token by which Amplify installs its webhook in the repository; it ends in Terraform's state",
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
