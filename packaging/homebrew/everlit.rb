# Filled by `cargo run -p xtask -- formula`, which the release workflow runs.
class Everlit < Formula
  desc "Keeps Instagram, Facebook and Threads access tokens from ever expiring"
  homepage "https://github.com/everlit/everlit"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/everlit/everlit/releases/download/v@VERSION@/everlit-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:everlit-aarch64-apple-darwin.tar.gz@"
    end
    on_intel do
      url "https://github.com/everlit/everlit/releases/download/v@VERSION@/everlit-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:everlit-x86_64-apple-darwin.tar.gz@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/everlit/everlit/releases/download/v@VERSION@/everlit-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:everlit-aarch64-unknown-linux-musl.tar.gz@"
    end
    on_intel do
      url "https://github.com/everlit/everlit/releases/download/v@VERSION@/everlit-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:everlit-x86_64-unknown-linux-musl.tar.gz@"
    end
  end

  def install
    bin.install "everlit"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/everlit.bash" => "everlit"
    fish_completion.install "completions/everlit.fish"
    zsh_completion.install "completions/_everlit"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/everlit --version")
  end
end
