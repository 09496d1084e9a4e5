/** Properties draw the same cases in every ordinary run, so that a red run means a change; `script/test --all` draws new ones. */
import fc from "fast-check";

if (process.env.LEASEHOLD_TEST_ALL === undefined) fc.configureGlobal({ seed: 20261125 });
