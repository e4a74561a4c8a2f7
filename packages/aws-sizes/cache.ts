const BURSTABLE = ["micro", "small", "medium"] as const;
const LARGE = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"] as const;

/**
 * Sizes of each family of ElastiCache node types.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
 */
const SIZES = { t3: BURSTABLE, t4g: BURSTABLE, m6g: LARGE, m7g: LARGE, r6g: LARGE, r7g: LARGE } as const;

type Families = typeof SIZES;
/** An ElastiCache node type such as `cache.t4g.micro`. */
export type CacheNodeType = {
  [Family in keyof Families]: `cache.${Family}.${Families[Family][number]}`;
}[keyof Families];

export const CACHE_NODE_TYPES = Object.entries(SIZES).flatMap(([family, sizes]) =>
  sizes.map((size) => `cache.${family}.${size}`),
) as CacheNodeType[];
