/** The customers whose units a technician wants to have along; the choice outlives a log-out, their units do not. */
import { signal } from "@preact/signals";
import { username } from "../session";

export interface Customer {
  code: string;
  name: string;
}

/** As many as the server takes. */
export const MOST_CUSTOMERS = 20;

const key = (): string => `serialtrail.customers.${username.value ?? ""}`;

/** Counts the changes, so that screens follow them. */
const changes = signal(0);

export function chosenCustomers(): Customer[] {
  changes.value;
  try {
    const found = JSON.parse(localStorage.getItem(key()) ?? "[]");
    return Array.isArray(found) ? found.slice(0, MOST_CUSTOMERS) : [];
  } catch {
    return [];
  }
}

export function chooseCustomer({ code, name }: Customer): void {
  const others = chosenCustomers().filter(each => each.code !== code);
  store([...others, { code, name }]);
}

export function leaveOutCustomer(code: string): void {
  store(chosenCustomers().filter(each => each.code !== code));
}

function store(customers: Customer[]): void {
  localStorage.setItem(key(), JSON.stringify(customers.slice(0, MOST_CUSTOMERS)));
  changes.value++;
}
