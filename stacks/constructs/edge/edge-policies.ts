import { CloudfrontCachePolicy } from "@cdktf/provider-aws/lib/cloudfront-cache-policy";
import { CloudfrontOriginRequestPolicy } from "@cdktf/provider-aws/lib/cloudfront-origin-request-policy";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { seconds } from "../../lib/duration";
import type { PlaybackKeys } from "./playback-keys";

/**
 * AWS managed policies. Sources:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 */
const MANAGED_POLICY_IDS = {
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
} as const;

const READ_METHODS = ["GET", "HEAD", "OPTIONS"];
const WRITE_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];

/** A cache behaviour without its path. */
type Behavior = {
  targetOriginId: string;
  viewerProtocolPolicy: string;
  allowedMethods: string[];
  cachedMethods: string[];
  compress: boolean;
  cachePolicyId: string;
  originRequestPolicyId?: string;
  responseHeadersPolicyId: string;
  trustedKeyGroups?: string[];
};

/** Number of response headers policies of an environment; an account has 20 by default. */
export const HEADERS_POLICIES = 3;

/** Cache behaviours and response headers. */
export class EdgePolicies extends Construct {
  private readonly streamCache: CloudfrontCachePolicy;
  readonly streamCacheId: string;
  private readonly withoutCookies: CloudfrontOriginRequestPolicy;
  private readonly secure: CloudfrontResponseHeadersPolicy;
  private readonly revalidated: CloudfrontResponseHeadersPolicy;
  private readonly framed: CloudfrontResponseHeadersPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.streamCache = new CloudfrontCachePolicy(this, "stream-cache", {
      name: physicalName(this, "CloudFront policy", "stream-cache"),
      comment: "Playlists and segments of a finished video never change",
      minTtl: 0,
      defaultTtl: seconds("1 day"),
      maxTtl: seconds("365 days"),
      // Without the signed cookies: all viewers share one cached copy.
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
      },
    });
    this.streamCacheId = this.streamCache.id;
    // Like AWS's AllViewerExceptHostHeader, but for the cookies, which no origin reads: if CloudFront forwards any, it
    // supports no conditional requests; if it forwards none, it removes those that answers set.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
    this.withoutCookies = new CloudfrontOriginRequestPolicy(this, "without-cookies", {
      name: physicalName(this, "CloudFront policy", "without-cookies"),
      comment: "Everything of a viewer except the Host header and cookies",
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "allExcept", headers: { items: ["Host"] } },
      queryStringsConfig: { queryStringBehavior: "all" },
    });
    this.secure = new CloudfrontResponseHeadersPolicy(this, "secure-headers", {
      name: physicalName(this, "CloudFront policy", "secure-headers"),
      comment: "Security headers",
      securityHeadersConfig: UNFRAMED_HEADERS,
    });
    this.revalidated = new CloudfrontResponseHeadersPolicy(this, "page-headers", {
      name: physicalName(this, "CloudFront policy", "page-headers"),
      comment: "Security headers; browsers ask for the page each time",
      securityHeadersConfig: UNFRAMED_HEADERS,
      customHeadersConfig: REVALIDATED,
    });
    this.framed = new CloudfrontResponseHeadersPolicy(this, "frame-headers", {
      name: physicalName(this, "CloudFront policy", "frame-headers"),
      comment: "As for the page, in frames of all sites",
      securityHeadersConfig: framedBy("*"),
      customHeadersConfig: REVALIDATED,
    });
  }

  /** The page, which refers to files of its build: never cached. */
  page(origin: string): Behavior {
    const cachePolicyId = MANAGED_POLICY_IDS.cachingDisabled;
    return behavior(origin, { methods: READ_METHODS, cachePolicyId, headers: this.revalidated });
  }

  /** The same page where it only shows a player, which other sites may frame. */
  player(origin: string): Behavior {
    const cachePolicyId = MANAGED_POLICY_IDS.cachingDisabled;
    return behavior(origin, { methods: READ_METHODS, cachePolicyId, headers: this.framed });
  }

  /** Files with content hashes in their names. */
  files(origin: string): Behavior {
    const cachePolicyId = MANAGED_POLICY_IDS.cachingOptimized;
    return behavior(origin, { methods: READ_METHODS, cachePolicyId, headers: this.secure });
  }

  /**
   * Uncached responses, which everything of a request reaches except the Host header, and cookies unless the responses set
   * some.
   */
  passThrough(origin: string, { setsCookies = false, writes = false } = {}): Behavior {
    const cachePolicyId = MANAGED_POLICY_IDS.cachingDisabled;
    return {
      ...behavior(origin, {
        methods: writes ? WRITE_METHODS : READ_METHODS,
        cachePolicyId,
        headers: this.secure,
      }),
      originRequestPolicyId: setsCookies ? MANAGED_POLICY_IDS.allViewerExceptHost : this.withoutCookies.id,
    };
  }

  /** Streams, for viewers with a cookie signed by a key of the group. */
  stream(origin: string, { signedBy }: { readonly signedBy: PlaybackKeys }): Behavior {
    const cachePolicyId = this.streamCache.id;
    return {
      ...behavior(origin, { methods: READ_METHODS, cachePolicyId, headers: this.secure }),
      trustedKeyGroups: [signedBy.groupId],
    };
  }
}

interface BehaviorPolicies {
  readonly methods: string[];
  readonly cachePolicyId: string;
  readonly headers: CloudfrontResponseHeadersPolicy;
}

function behavior(targetOriginId: string, { methods, cachePolicyId, headers }: BehaviorPolicies): Behavior {
  return {
    targetOriginId,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: methods,
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId,
    responseHeadersPolicyId: headers.id,
  };
}

const REVALIDATED = { items: [{ header: "Cache-Control", value: "no-cache", override: true }] };

/** Security headers of pages that these ancestors may frame. */
function framedBy(ancestors: "'none'" | "*") {
  return {
    strictTransportSecurity: {
      accessControlMaxAgeSec: seconds("365 days"),
      includeSubdomains: true,
      preload: false,
      override: true,
    },
    contentTypeOptions: { override: true },
    referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
    contentSecurityPolicy: {
      // Players use blob: URLs, and hls.js an empty data: URL for subtitles; uploads go directly to S3.
      contentSecurityPolicy: [
        "default-src 'self'",
        "connect-src 'self' https://*.amazonaws.com",
        "media-src 'self' blob: data:",
        "img-src 'self' data:",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        `frame-ancestors ${ancestors}`,
        "base-uri 'self'",
        "form-action 'self'",
      ].join("; "),
      override: false,
    },
  };
}

const UNFRAMED_HEADERS = {
  ...framedBy("'none'"),
  frameOptions: { frameOption: "DENY", override: true },
};
