"""Changes to published bulletins: correction, withdrawal, republishing, retention."""
