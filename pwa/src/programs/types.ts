export interface Token {
  id: number;
  name: string;
  permissions: string[];
  made_by: string;
  made_at: string;
  expires_at: string | null;
  used_at: string | null;
  revoked_at: string | null;
  revoked_by: string | null;
}

export interface Webhook {
  id: number;
  url: string;
  kinds: string[];
  made_by: string;
  made_at: string;
  stopped_at: string | null;
  waiting: number;
  delivered: number;
  dead: number;
}

export interface Message {
  id: string;
  kind: string;
  status: "waiting" | "delivered" | "dead";
  attempts: number;
  queued_at: string;
  tried_at: string | null;
  due_at: string;
  answer: string | null;
}
