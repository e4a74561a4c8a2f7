CREATE TABLE media (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  content_type text NOT NULL CHECK (length(content_type) BETWEEN 1 AND 255),
  size_bytes bigint NOT NULL CHECK (size_bytes > 0),
  status text NOT NULL DEFAULT 'registered'
    CHECK (status IN ('registered', 'uploaded', 'processing', 'ready', 'failed')),
  failure_reason text CHECK (failure_reason IS NULL OR status = 'failed'),
  duration_seconds double precision CHECK (duration_seconds > 0),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Pages are read newest first, with and without a status; the id makes the order of equal times certain.
CREATE INDEX media_newest ON media (created_at DESC, id DESC);
CREATE INDEX media_newest_by_status ON media (status, created_at DESC, id DESC);
