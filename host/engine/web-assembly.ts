// Names of WebAssembly's types, for declarations that mention them. TypeScript keeps the types themselves with those of browsers, the library "DOM", which a program
// for Node.js need not have: it then has these names, and whoever has the types has them as they were.

declare global {
  namespace WebAssembly {
    interface Instance {}
    interface Memory {}
    interface Module {}
  }
}

export {};
