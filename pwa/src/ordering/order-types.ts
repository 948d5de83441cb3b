/** What the server says of a file of orders. */
export interface OrdersAnswer {
  committed: boolean;
  counts: Record<string, number>;
  rows: {
    row: number;
    order_no: string;
    outcome: string;
    code: string;
    message: string;
    next_step: string;
  }[];
}
