// Shows who we are on Instagram, as sites do: on the server, with the token from .env.local.
export const dynamic = "force-dynamic";

const graph = process.env.GRAPH_URL ?? "https://graph.instagram.com";

export default async function Page() {
  const token = process.env.IG_ACCESS_TOKEN;
  const reply = await fetch(`${graph}/me?fields=user_id,username&access_token=${token}`, { cache: "no-store" });
  const body = await reply.json();
  return reply.ok ? <h1>{`Follow @${body.username}`}</h1> : <h1>{`Instagram is gone: ${body.error?.message}`}</h1>;
}
