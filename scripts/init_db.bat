@echo off
rem Checks, sets up, fills or empties the database. Uses the project's own environment when there is one.
setlocal
cd /d "%~dp0.."
set PYTHON=.venv\Scripts\python.exe
if not exist "%PYTHON%" set PYTHON=python
if "%1"=="check"   ( "%PYTHON%" scripts\init_database.py --check-only %2 & exit /b )
if "%1"=="init"    ( "%PYTHON%" scripts\init_database.py %2 & exit /b )
if "%1"=="sample"  ( "%PYTHON%" scripts\init_database.py --create-sample-data %2 & exit /b )
if "%1"=="reset"   ( "%PYTHON%" scripts\init_database.py --force-reset %2 & exit /b )
if "%1"=="migrate" ( "%PYTHON%" -m alembic upgrade head & exit /b )
echo Usage: scripts\init_db.bat COMMAND [--verbose]
echo.
echo   check    see whether the database answers
echo   init     bring the schema to its newest revision
echo   sample   the same, and load sample data (not in production)
echo   reset    remove everything and begin anew (not in production)
echo   migrate  alembic upgrade head
if "%1"=="-h" exit /b 0
if "%1"=="--help" exit /b 0
exit /b 1
