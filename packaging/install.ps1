# Installs everlit for one user on Windows, without administrator rights.
#
#   irm https://github.com/everlit/everlit/releases/latest/download/install.ps1 | iex
#   .\install.ps1 [-To DIR] [-Version X.Y.Z]
#
# The archive is checked against the release's SHA256SUMS, and the program is put in place in one step, or not at all.
param(
    [string] $To = (Join-Path $env:LOCALAPPDATA 'Programs\everlit'),
    [string] $Version = ''
)
$ErrorActionPreference = 'Stop'
# Without this, Windows PowerShell 5.1 spends most of a download on drawing its progress.
$ProgressPreference = 'SilentlyContinue'

function Install-Everlit {
    # `Move-Item` would put the program into it.
    if (Test-Path -PathType Container (Join-Path $To 'everlit.exe')) {
        throw "everlit is not installed: $(Join-Path $To 'everlit.exe') is a folder; move it away, or choose another folder with -To."
    }
    $machine = switch ($env:PROCESSOR_ARCHITEW6432, $env:PROCESSOR_ARCHITECTURE -ne $null | Select-Object -First 1) {
        'AMD64' { 'x86_64' }
        'ARM64' { 'aarch64' }
        default { throw "everlit is not installed: there is none for Windows on $_." }
    }
    $name = "everlit-$machine-pc-windows-msvc"
    $from = 'https://github.com/everlit/everlit/releases/latest/download'
    if ($Version) { $from = "https://github.com/everlit/everlit/releases/download/v$($Version.TrimStart('v'))" }
    if ($env:EVERLIT_DOWNLOAD_URL) { $from = $env:EVERLIT_DOWNLOAD_URL }
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

    $work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    $staged = Join-Path $To 'everlit.new.exe'
    New-Item -ItemType Directory -Path $work | Out-Null
    try {
        Write-Host "Downloading $name.zip from $from"
        foreach ($file in "$name.zip", 'SHA256SUMS') {
            Invoke-WebRequest -UseBasicParsing -Uri "$from/$file" -OutFile (Join-Path $work $file)
        }
        $line = Get-Content (Join-Path $work 'SHA256SUMS') | Where-Object { $_ -match "^([0-9a-f]{64})  $([regex]::Escape("$name.zip"))$" }
        if (-not $line) { throw "everlit is not installed: SHA256SUMS does not name $name.zip, the release is not whole." }
        $wanted = ($line -split ' ')[0]
        $is = (Get-FileHash -Algorithm SHA256 (Join-Path $work "$name.zip")).Hash.ToLowerInvariant()
        if ($is -ne $wanted) { throw "everlit is not installed: $name.zip is damaged, its SHA-256 is $is and should be $wanted." }

        Expand-Archive -Path (Join-Path $work "$name.zip") -DestinationPath $work
        New-Item -ItemType Directory -Force -Path $To | Out-Null
        Copy-Item (Join-Path $work "$name\everlit.exe") $staged
        $said = & $staged --version
        if ($LASTEXITCODE -ne 0) { throw 'everlit is not installed: the program does not run on this machine.' }
        Move-Item -Force $staged (Join-Path $To 'everlit.exe')
    }
    finally {
        Remove-Item -Recurse -Force $work
        if (Test-Path $staged) { Remove-Item -Force $staged }
    }

    Write-Host "Installed ${said}: $(Join-Path $To 'everlit.exe')"
    if (($env:Path -split ';') -notcontains $To) {
        Write-Host "$To is not on your PATH. Add it for your user, and open a new window:"
        Write-Host "  [Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';$To', 'User')"
    }
    Write-Host 'Next, in the folder of your .env.local: everlit init'
}

Install-Everlit
