// Reads an adaptive card as Microsoft's own library does: prints what it complains about, then what it has understood.
const { AdaptiveCard, SerializationContext } = require(`${process.argv[2]}/node_modules/adaptivecards/dist/adaptivecards.js`);
const card = new AdaptiveCard();
const context = new SerializationContext();
card.parse(JSON.parse(require("fs").readFileSync(0, "utf8")), context);
const complaints = [];
for (let at = 0; at < context.eventCount; at++) complaints.push(context.getEventAt(at).message);
console.log(JSON.stringify({ complaints, understood: card.toJSON() }));
