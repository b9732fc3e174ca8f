// The client of the contract "smallbank", made from its interface: to change it, make it anew.

import { defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "smallbank". */
export type SmallbankTypes = {
  methods: {
    /** Opens a customer's accounts with these balances, or sets them. */
    open: { kind: 'call'; input: { customer: IntegerInput; inSavings: IntegerInput; inChecking: IntegerInput }; output: undefined };
    /** What a customer has in both accounts. Reverts with "no such customer", "overflow" or "underflow". */
    balance: { kind: 'call'; input: { customer: IntegerInput }; output: bigint };
    /** Pays into the checking account. Reverts with "no such customer", "negative amount" or "overflow". */
    depositChecking: { kind: 'call'; input: { customer: IntegerInput; amount: IntegerInput }; output: undefined };
    /** Pays into the savings account, or with a negative amount out of it. Reverts with "no such customer", "insufficient funds" or "overflow". */
    transactSavings: { kind: 'call'; input: { customer: IntegerInput; amount: IntegerInput }; output: undefined };
    /** Moves all that one customer has to another's checking account. Reverts with "no such customer", "the same customer" or "overflow". */
    amalgamate: { kind: 'call'; input: { from: IntegerInput; to: IntegerInput }; output: undefined };
    /** Pays a check: `amount` out of the checking account, which it may overdraw, and a penalty besides where both accounts together do not cover it. Reverts with "no such customer", "negative amount", "overflow" or "underflow". */
    writeCheck: { kind: 'call'; input: { customer: IntegerInput; amount: IntegerInput }; output: undefined };
    /** Moves `amount` from one checking account to another. Reverts with "no such customer", "the same customer", "negative amount", "insufficient funds" or "overflow". */
    sendPayment: { kind: 'call'; input: { from: IntegerInput; to: IntegerInput; amount: IntegerInput }; output: undefined };
    savingsOf: { kind: 'view'; input: { customer: IntegerInput }; output: bigint };
    checkingOf: { kind: 'view'; input: { customer: IntegerInput }; output: bigint };
  };
  events: {};
};

/** The contract "smallbank": `runtime.contract(Smallbank, address)`. */
export const Smallbank = defineClient<SmallbankTypes>({
  schema: "blockstm.interface/1",
  name: "smallbank",
  methods: [
    {"name":"open","kind":"call","inputs":[{"name":"customer","type":"u64"},{"name":"inSavings","type":"i64"},{"name":"inChecking","type":"i64"}],"output":null,"doc":"Opens a customer's accounts with these balances, or sets them."},
    {"name":"balance","kind":"call","inputs":[{"name":"customer","type":"u64"}],"output":"i64","doc":"What a customer has in both accounts. Reverts with \"no such customer\", \"overflow\" or \"underflow\"."},
    {"name":"depositChecking","kind":"call","inputs":[{"name":"customer","type":"u64"},{"name":"amount","type":"i64"}],"output":null,"doc":"Pays into the checking account. Reverts with \"no such customer\", \"negative amount\" or \"overflow\"."},
    {"name":"transactSavings","kind":"call","inputs":[{"name":"customer","type":"u64"},{"name":"amount","type":"i64"}],"output":null,"doc":"Pays into the savings account, or with a negative amount out of it. Reverts with \"no such customer\", \"insufficient funds\" or \"overflow\"."},
    {"name":"amalgamate","kind":"call","inputs":[{"name":"from","type":"u64"},{"name":"to","type":"u64"}],"output":null,"doc":"Moves all that one customer has to another's checking account. Reverts with \"no such customer\", \"the same customer\" or \"overflow\"."},
    {"name":"writeCheck","kind":"call","inputs":[{"name":"customer","type":"u64"},{"name":"amount","type":"i64"}],"output":null,"doc":"Pays a check: `amount` out of the checking account, which it may overdraw, and a penalty besides where both accounts together do not cover it. Reverts with \"no such customer\", \"negative amount\", \"overflow\" or \"underflow\"."},
    {"name":"sendPayment","kind":"call","inputs":[{"name":"from","type":"u64"},{"name":"to","type":"u64"},{"name":"amount","type":"i64"}],"output":null,"doc":"Moves `amount` from one checking account to another. Reverts with \"no such customer\", \"the same customer\", \"negative amount\", \"insufficient funds\" or \"overflow\"."},
    {"name":"savingsOf","kind":"view","inputs":[{"name":"customer","type":"u64"}],"output":"i64"},
    {"name":"checkingOf","kind":"view","inputs":[{"name":"customer","type":"u64"}],"output":"i64"},
  ],
  events: [],
  structs: [],
});
