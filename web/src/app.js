// Everything here makes a page more pleasant; none of it is needed to use one.
import { keepDrafts } from "./draft.js";
import { acceptDroppedFiles } from "./drop.js";
import { showLocalTimes } from "./local-times.js";
import { sendOnce } from "./once.js";
import { followGrading } from "./poll.js";
import { offerPrinting } from "./print.js";

keepDrafts();
acceptDroppedFiles();
followGrading();
offerPrinting();
showLocalTimes();
sendOnce();
