CREATE INDEX applications_erasure ON applications (erasure_asked_at) WHERE erasure_asked_at IS NOT NULL;
