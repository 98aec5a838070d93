// Parses an Adaptive Card with Microsoft's library; prints its complaints, and the card as it was understood.
const { AdaptiveCard, SerializationContext } = require(`${process.argv[2]}/node_modules/adaptivecards/dist/adaptivecards.js`);
const card = new AdaptiveCard();
const context = new SerializationContext();
card.parse(JSON.parse(require("fs").readFileSync(0, "utf8")), context);
const complaints = [];
for (let at = 0; at < context.eventCount; at++) complaints.push(context.getEventAt(at).message);
console.log(JSON.stringify({ complaints, understood: card.toJSON() }));
