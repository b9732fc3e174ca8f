// For the editor: what a contract's compiler knows of itself.
declare const event: any;
declare const indexed: any;
declare const init: any;
declare const migrate: any;
declare const view: any;
